import type { FastifyInstance } from "fastify";
import type { EventFeed } from "./event-feed.js";
import type { Tokens } from "./tokens.js";

const type = "text/event-stream";

export function eventRoutes(scope: FastifyInstance, feed: EventFeed, tokens: Tokens): void {
  scope.get("/v1/events", { exposeHeadRoute: false }, async ({ principal, token, headers }, reply) => {
    const lastEventId = headers["last-event-id"];
    const stream = feed.open(
      principal,
      typeof lastEventId === "string" ? lastEventId : undefined,
      () => tokens.verify(token)?.principal === principal,
    );
    // A proxy must not gather it, and the connection ends with the stream.
    reply.type(type).header("x-accel-buffering", "no").header("connection", "close");
    return reply.send(stream);
  });
  scope.head("/v1/events", async (_request, reply) => reply.type(type).send());
  scope.addHook("preClose", async () => feed.stop());
}
