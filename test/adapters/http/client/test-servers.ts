import { once } from "node:events";
import { createServer, type Server as HttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { HttpClient } from "../../../../adapters/http/client/client.js";
import type { HttpRequest, RequestOptions } from "../../../../adapters/http/client/request.js";

/** A real HTTP server on loopback, gone when the test is over. */
export async function anHttpServer(listener: RequestListener, host = "127.0.0.1"): Promise<ServedUrl> {
  const server = createServer(listener);
  return listening(server, host);
}

/** A server that says byte for byte what it is told to; `talk` has each connection. */
export async function aRawServer(talk: (socket: Socket, number: number) => void): Promise<ServedUrl> {
  let number = 0;
  const server = createRawServer((socket) => {
    socket.on("error", () => {});
    number += 1;
    talk(socket, number);
  });
  return listening(server, "127.0.0.1");
}

/** Says the same on each connection, at its first request, and closes it. */
export function sayOnce(text: string): (socket: Socket) => void {
  return (socket) => void socket.once("data", () => socket.end(text));
}

/** A URL of the server; `connections` counts those it ever had, `open` those it has. */
export interface ServedUrl {
  readonly url: (path?: string) => URL;
  readonly connections: () => number;
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

export async function listening(
  server: Server | HttpServer,
  host: string,
  scheme = "http",
): Promise<ServedUrl> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  onTestFinished(close);
  const place = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    url: (path = "/") => new URL(path, place),
    connections: () => connections,
    open: () => sockets.size,
    close,
  };
}

/** Stopped when the test is over. */
export function aClient(limits: Partial<ConstructorParameters<typeof HttpClient>[0]> = {}): HttpClient {
  const client = new HttpClient({ concurrency: 2, ...limits });
  onTestFinished(() => client.stop());
  return client;
}

export function aRequest(url: URL, words: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, headers: {}, timeout: 30_000, limit: 65_536, ...words };
}

export function options(words: Partial<RequestOptions> = {}): RequestOptions {
  return { signal: new AbortController().signal, priority: "poll", ...words };
}

/** A promise, and what fulfils it: lets a server wait for the test. */
export function aGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export function textOf({ body }: { readonly body: Uint8Array }): string {
  return Buffer.from(body).toString("utf8");
}
