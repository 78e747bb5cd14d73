import type { FastifyInstance } from "fastify";
import { HttpProblem } from "./problems.js";

/** The links that the configuration names. */
export interface Readiness {
  readonly ready: boolean;
  readonly links: readonly { readonly name: string; readonly state: string; readonly detail?: string }[];
}

export function healthRoutes(app: FastifyInstance, readiness: () => Readiness): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async () => {
    const { ready, links } = readiness();
    if (ready) return { ready, links };
    throw new HttpProblem("not-ready", "Not every link is up.", { ready, links });
  });
}
