import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { aStream, atEnd, cleanUp, holdClock, until } from "./a-stream.js";

const never = new AbortController().signal;

beforeEach(holdClock);
afterEach(cleanUp);

interface Peer {
  readonly url: URL;
  /** The connections that are open. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** All that was said to it. */
  readonly heard: readonly string[];
}

async function aPeer(options: ServerOptions = {}): Promise<Peer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
  const heard: string[] = [];
  server.on("connection", (socket) => socket.on("message", (data) => heard.push(String(data))));
  await once(server, "listening");
  atEnd(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, "close");
  });
  return { url: urlOf(server), sockets: server.clients, heard };
}

function urlOf(server: { address(): unknown }): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`);
}

function aSocket(url: URL, source: Partial<Parameters<typeof aStream>[0]> = {}) {
  return aStream({ ...source, url, kind: "websocket" });
}

test("hands on text and binary messages, and says what was asked of it after each opening", async () => {
  const peer = await aPeer();
  const { listener } = aSocket(peer.url, { send: ['{"id":1}', '{"id":2}'] });
  await until(() => peer.heard.length === 2);
  expect(peer.heard).toEqual(['{"id":1}', '{"id":2}']);
  for (const socket of peer.sockets) {
    socket.send('{"on": true}');
    socket.send(Buffer.from("grün"));
  }
  await until(() => listener.messages.length === 2);
  expect(listener.messages).toEqual([
    [undefined, '{"on": true}'],
    [undefined, "grün"],
  ]);
  for (const socket of peer.sockets) socket.close(1012);
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${peer.url.origin}: it restarts`);
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => peer.heard.length === 4);
});

test("sends what it is told over an open WebSocket, and refuses while there is none", async () => {
  const peer = await aPeer();
  const { stream, listener } = aSocket(peer.url);
  await expect(stream.send("too early", never)).rejects.toMatchObject({ code: "device-offline" });
  await until(() => listener.state === "online");
  await stream.send('{"method": "Switch.Set"}', never);
  await until(() => peer.heard.length === 1);
  expect(peer.heard).toEqual(['{"method": "Switch.Set"}']);
});

test("speaks the subprotocol that the peer chose, and says when there is none in common", async () => {
  const peer = await aPeer({ handleProtocols: (offered) => [...offered].at(-1) ?? false });
  const { listener } = aSocket(peer.url, { protocols: ["v2", "v1"] });
  await until(() => listener.state === "online");
  const [socket] = peer.sockets;
  expect(socket?.protocol).toBe("v1");

  const deaf = await aPeer({ handleProtocols: () => false });
  const other = aSocket(deaf.url, { protocols: ["v2"] });
  await until(() => other.listener.state.startsWith("offline"));
  expect(other.listener.state).toContain("Server sent no subprotocol");
});

test.each([
  [401, {}, "it does not let us in (401); check `auth` refused"],
  [404, {}, "it has nothing at this path (404); check `url` refused"],
  [500, {}, "it answered 500"],
])("says why a server that answers %i opens no WebSocket", async (status, headers, sentence) => {
  const server: Server = createServer((_request, response) => response.writeHead(status, headers).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(() => void server.close());
  const { listener } = aSocket(urlOf(server));
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${urlOf(server).origin}: ${sentence}`);
});

test("notices a peer that answers no ping", async () => {
  const peer = await aPeer({ autoPong: false });
  const { listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [socket] = peer.sockets;
  const pinged = socket && once(socket, "ping");
  await vi.advanceTimersByTimeAsync(15_000);
  await pinged;
  await vi.advanceTimersByTimeAsync(9_999);
  expect(listener.state).toBe("online");
  await vi.advanceTimersByTimeAsync(1);
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${peer.url.origin}: it does not answer any more`);
});

test("keeps a connection whose pings are answered", async () => {
  const peer = await aPeer();
  const { listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [socket] = peer.sockets;
  for (let round = 0; round < 4; round += 1) {
    const pinged = socket && once(socket, "ping");
    await vi.advanceTimersByTimeAsync(15_000);
    await pinged;
    // The pong is on its way once the answer to a ping of the peer's own, sent after it, has come.
    const answered = socket && once(socket, "pong");
    socket?.ping();
    await answered;
    await vi.advanceTimersByTimeAsync(9_000);
  }
  expect(listener.states).toEqual(["connecting", "online"]);
});
