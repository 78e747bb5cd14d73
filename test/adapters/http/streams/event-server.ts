import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface EventServer {
  readonly url: URL;
  /** All requests that came, oldest first. */
  readonly requests: readonly IncomingMessage[];
  /** The answers that are open, oldest first. */
  readonly open: readonly ServerResponse[];
  stop(): Promise<void>;
}

/** A server whose every request is handed to `answer`; by default it opens an event stream and waits. */
export async function startEventServer(
  answer: (response: ServerResponse, request: IncomingMessage) => void = openStream,
  port = 0,
): Promise<EventServer> {
  const requests: IncomingMessage[] = [];
  const open: ServerResponse[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    open.push(response);
    response.once("close", () => open.splice(open.indexOf(response), 1));
    answer(response, request);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`),
    requests,
    open,
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}
