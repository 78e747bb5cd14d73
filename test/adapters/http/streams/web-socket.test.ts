import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createRawServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { aStream, holdClock, releaseClock, until } from "./a-stream.js";

const never = new AbortController().signal;

beforeEach(holdClock);
afterEach(releaseClock);

interface Peer {
  /** The TCP connections behind them. */
  readonly raw: readonly Socket[];
  readonly url: URL;
  /** The connections that are open. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** All that was said to it. */
  readonly heard: readonly string[];
}

async function aPeer(options: ServerOptions = {}): Promise<Peer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
  const heard: string[] = [];
  const raw: Socket[] = [];
  server.on("connection", (socket, request) => {
    raw.push(request.socket);
    socket.on("error", () => {});
    socket.on("message", (data) => heard.push(String(data)));
  });
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, "close");
  });
  return { url: urlOf(server), sockets: server.clients, raw, heard };
}

function urlOf(server: { address(): unknown }): URL {
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`);
}

function wsOf(url: URL): string {
  return url.href.replace(/^http/, "ws");
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
  expect(listener.state).toBe(`offline ${wsOf(peer.url)} restarts`);
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
  [401, {}, "does not let us in (401); check `auth` refused"],
  [404, {}, "has nothing at this path (404); check `url` refused"],
  [500, {}, "answered 500"],
])("says why a server that answers %i opens no WebSocket", async (status, headers, sentence) => {
  const server: Server = createServer((_request, response) => response.writeHead(status, headers).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { listener } = aSocket(urlOf(server));
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${wsOf(urlOf(server))} ${sentence}`);
});

test("tells with what words it was refused, as plain text", async () => {
  const peer = await aPeer();
  const { listener } = aStream({ url: peer.url, kind: "websocket" });
  await until(() => listener.state === "online");
  for (const socket of peer.sockets) socket.close(1008, "\u202eno\n");
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(
    `offline ws://${peer.url.host}/events closed the connection (1008): "no\\n" refused`,
  );
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
  expect(listener.state).toBe(`offline ${wsOf(peer.url)} does not answer any more`);
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

test("follows a redirect within the same place, and none to another", async () => {
  const other = await aPeer();
  const paths: (readonly [string | undefined, string | undefined])[] = [];
  const server = createServer();
  const webSockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    paths.push([request.url, request.headers.authorization]);
    const location = request.url === "/events" ? "/v2" : other.url.href;
    if (request.url === "/v2") webSockets.handleUpgrade(request, socket, head, () => {});
    else socket.end(`HTTP/1.1 307 Temporary Redirect\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of webSockets.clients) socket.terminate();
    server.close();
  });
  const { listener } = aSocket(urlOf(server), { auth: { kind: "basic", username: "a", password: "b" } });
  await until(() => listener.state === "online");
  expect(paths).toEqual([
    ["/events", "Basic YTpi"],
    ["/v2", "Basic YTpi"],
  ]);
  const strayed = aSocket(new URL("/away", urlOf(server)));
  await until(() => strayed.listener.state.startsWith("offline"));
  expect(strayed.listener.state).toContain(`redirects to ${other.url}, which is another place`);
  expect(other.sockets.size).toBe(0);
});

test("a handshake that drips in is given up after 10 s", async () => {
  const server = createRawServer((socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 101 Switching Protocols\r\nx-slow: ");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { listener } = aSocket(urlOf(server));
  const [peer] = (await once(server, "connection")) as [Socket];
  for (let second = 0; second < 10; second += 1) {
    expect(listener.states).toEqual(["connecting"]);
    peer.write("x");
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(listener.state).toBe(`offline ${wsOf(urlOf(server))} opened nothing within 10 s`);
  if (!peer.closed) await once(peer.resume(), "close");
});

test.each([
  [
    "a message larger than 64 KB",
    bytesOf(0x82, 127, 0, 0, 0, 0, 0, 0x50, 0, 0),
    "sent a message larger than 64 KB",
  ],
  [
    "a frame that is none",
    bytesOf(0xf2, 1, 0),
    "breaks the protocol: Invalid WebSocket frame: RSV2 and RSV3 must be clear",
  ],
  [
    "a compressed frame",
    bytesOf(0xc1, 1, 0),
    "breaks the protocol: Invalid WebSocket frame: RSV1 must be clear",
  ],
  [
    "text that is no UTF-8",
    bytesOf(0x81, 1, 0xff),
    "breaks the protocol: Invalid WebSocket frame: invalid UTF-8 sequence",
  ],
  ["half a message, then nothing", bytesOf(0x81, 5, 0x61), "cut the connection"],
])("ends a connection over %s, and says so", async (_what, bytes, sentence) => {
  const peer = await aPeer();
  const { listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [socket] = peer.raw;
  socket?.end(bytes);
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${wsOf(peer.url)} ${sentence}`);
  expect(listener.messages).toEqual([]);
});

test("a flood of messages comes one in each turn of the event loop, and pings among them are answered", async () => {
  const peer = await aPeer();
  const { listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [socket] = peer.sockets;
  let pongs = 0;
  socket?.on("pong", () => {
    pongs += 1;
  });
  const [raw] = peer.raw;
  raw?.write(
    Buffer.concat([...Array.from({ length: 5000 }, () => bytesOf(0x81, 1, 0x61)), bytesOf(0x89, 0)]),
  );
  const heardInTurn: number[] = [];
  let before = 0;
  while (pongs === 0) {
    await turn();
    heardInTurn.push(listener.messages.length - before);
    before = listener.messages.length;
  }
  expect(listener.messages).toHaveLength(5000);
  expect(Math.max(...heardInTurn)).toBeLessThanOrEqual(1);
});

test("a peer that pings without end and reads no answer is left", async () => {
  const peer = await aPeer();
  const { listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [raw] = peer.raw;
  raw?.pause();
  const pings = Buffer.concat(
    Array.from({ length: 500 }, () => Buffer.concat([bytesOf(0x89, 125), Buffer.alloc(125)])),
  );
  const flood = () => {
    raw?.write(pings, (error) => {
      if (!error) flood();
    });
  };
  flood();
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${wsOf(peer.url)} cut the connection`);
});

test("stops while the handshake is under way, and while it waits to try again", async () => {
  const server = createRawServer((socket) => void socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { stream, listener } = aSocket(urlOf(server));
  const [peer] = (await once(server, "connection")) as [Socket];
  await stream.stop();
  if (!peer.closed) await once(peer.resume(), "close");
  expect(listener.states).toEqual(["connecting"]);
  stream.start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(listener.state).toContain("opened nothing within 10 s");
  await stream.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("a command that its peer does not read in time ends the connection, and may have happened", async () => {
  const peer = await aPeer();
  const { stream, listener } = aSocket(peer.url);
  await until(() => listener.state === "online");
  const [raw] = peer.raw;
  raw?.pause();
  const tooLate = new AbortController();
  // More than the sockets' buffers hold.
  const sent = expect(stream.send("x".repeat(20_000_000), tooLate.signal)).rejects.toMatchObject({
    code: "adapter-failed",
    message: expect.stringContaining("may have happened"),
  });
  await expect(stream.send("y", never)).rejects.toThrow("does not read what it is sent");
  tooLate.abort();
  await sent;
  expect(listener.state).toBe("online");
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${wsOf(peer.url)} stopped reading`);
});

function bytesOf(...bytes: number[]): Buffer {
  return Buffer.from(bytes);
}
