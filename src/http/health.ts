import { z } from "zod";
import { HttpProblem, problemResponses } from "./problems.js";
import { links as linkList } from "./schemas.js";
import type { Scope } from "./scope.js";

/** The links that the configuration names. Where they lead to is nobody's business who has no token. */
export interface Readiness {
  readonly ready: boolean;
  readonly links: readonly { readonly name: string; readonly state: string }[];
}

/** Supervisors ask these, who have no token. */
export function healthRoutes(scope: Scope, readiness: () => Readiness): void {
  scope.get(
    "/healthz",
    {
      config: { isOpen: true },
      schema: {
        operationId: "getHealth",
        summary: "Whether the process lives",
        security: [],
        response: {
          200: z.object({ status: z.literal("ok") }).describe("It does."),
          ...problemResponses(),
        },
      },
    },
    async () => ({ status: "ok" as const }),
  );
  scope.get(
    "/readyz",
    {
      config: { isOpen: true },
      schema: {
        operationId: "getReadiness",
        summary: "Whether every link is up that the configuration names",
        security: [],
        response: {
          200: z.object({ ready: z.literal(true), links: linkList }).describe("Every link is up."),
          ...problemResponses("not-ready"),
        },
      },
    },
    async () => {
      const { ready, links } = readiness();
      if (ready) return { ready, links };
      throw new HttpProblem("not-ready", "Not every link is up.", { ready, links });
    },
  );
}
