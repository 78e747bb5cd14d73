import { z } from "zod";
import type { EventFeed } from "./event-feed.js";
import { problemResponses } from "./problems.js";
import type { Scope } from "./scope.js";
import type { Tokens } from "./tokens.js";

const type = "text/event-stream";
const theStream: object = {
  200: { description: "The stream.", content: { [type]: { schema: z.string() } } },
};

export function eventRoutes(scope: Scope, feed: EventFeed, tokens: Tokens): void {
  scope.get(
    "/api/v1/events",
    {
      exposeHeadRoute: false,
      schema: {
        operationId: "streamEvents",
        summary: "Server-sent events: what happens, as it happens",
        description:
          "The events are named `state`, `availability`, `event`, `receipt` and `snapshot`; their data are the schemas " +
          "`StateEvent`, `AvailabilityEvent`, `DeviceEvent`, `ReceiptEvent` and `SnapshotEvent`.",
        headers: z.object({
          "last-event-id": z
            .string()
            .optional()
            .meta({ description: "The id that was seen last: the stream goes on after it." }),
        }),
        response: {
          ...theStream,
          ...problemResponses("too-many-streams"),
        },
      },
    },
    async ({ principal, token, headers }, reply) => {
      const isOpen = () => tokens.verify(token)?.principal === principal;
      const stream = feed.open(principal, headers["last-event-id"], isOpen);
      // A proxy must not gather it, and the connection ends with the stream.
      reply.type(type).header("x-accel-buffering", "no").header("connection", "close");
      return reply.send(stream);
    },
  );
  scope.head("/api/v1/events", { schema: { hide: true } }, async (_request, reply) =>
    reply.type(type).send(),
  );
}
