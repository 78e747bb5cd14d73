import type { Registry } from "prom-client";
import { z } from "zod";
import type { MetricParts } from "./exposition.js";
import { HttpProblem, problemResponses } from "./problems.js";
import type { Scope } from "./scope.js";

const text: object = {
  200: { description: "The metrics.", content: { "text/plain": { schema: z.string() } } },
};

export function metricRoutes(scope: Scope, parts: MetricParts): void {
  // Loaded when first asked for: most houses have no Prometheus, and it takes 4 MB.
  let registry: Promise<Registry> | undefined;
  scope.get(
    "/metrics",
    {
      schema: {
        operationId: "getMetrics",
        summary: "Metrics in the text format of Prometheus",
        response: { ...text, ...problemResponses("forbidden") },
      },
    },
    async ({ principal }, reply) => {
      if (!parts.gateway.may(principal, "view")) {
        throw new HttpProblem("forbidden", "This token may not see the house.");
      }
      registry ??= import("./exposition.js").then(({ createRegistry }) => createRegistry(parts));
      const metrics = await registry;
      return reply.type(metrics.contentType).send(await metrics.metrics());
    },
  );
}
