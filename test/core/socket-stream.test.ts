import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { SocketStream } from "../../src/core/socket-stream.js";

/** Both ends of a connection; the stream is over the first. */
async function aConnection(admit: (chunk: Buffer) => readonly Buffer[]) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const peer = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => {});
  const [socket]: Socket[] = await once(server, "connection");
  if (socket === undefined) throw new Error("nobody connected");
  const stream = new SocketStream(socket, admit);
  onTestFinished(() => {
    stream.destroy();
    peer.destroy();
    server.close();
  });
  return { stream, peer, socket };
}

test("hands on what is admitted, both ways", async () => {
  const { stream, peer } = await aConnection((chunk) => [chunk.subarray(0, 1), chunk.subarray(1, 3)]);
  peer.write("abcdef");
  let read = "";
  stream.on("data", (chunk) => {
    read += chunk;
  });
  await expect.poll(() => read).toBe("abc");
  stream.write("answer");
  expect(String((await once(peer, "data"))[0])).toBe("answer");
});

test("what is not admitted ends the connection with its reason", async () => {
  const { stream, peer } = await aConnection(() => {
    throw new Error("too large");
  });
  const failed = once(stream, "error");
  const cut = once(peer, "close");
  stream.resume();
  peer.write("x");
  expect((await failed)[0]).toMatchObject({ message: "too large" });
  await cut;
});

test("who does not read holds up the sender", async () => {
  const { stream, peer, socket } = await aConnection((chunk) => [chunk]);
  peer.write(Buffer.alloc(1_000_000));
  await expect.poll(() => socket.isPaused()).toBe(true);
  stream.resume();
  await expect.poll(() => socket.isPaused()).toBe(false);
});

test("an empty write is told when all before it has left", async () => {
  const { stream, peer } = await aConnection((chunk) => [chunk]);
  const order: string[] = [];
  stream.write("first", () => order.push("first"));
  stream.write(Buffer.alloc(0), () => order.push("mark"));
  await expect.poll(() => order).toEqual(["first", "mark"]);
  expect(String((await once(peer, "data"))[0])).toBe("first");
});

test("hands on one large read in each turn of the event loop, so that a flood keeps nobody waiting", async () => {
  let turn = 0;
  let tick: NodeJS.Immediate;
  const next = () => {
    turn += 1;
    tick = setImmediate(next);
  };
  next();
  onTestFinished(() => clearImmediate(tick));
  const turns: number[] = [];
  let bytes = 0;
  const { stream, peer } = await aConnection((chunk) => {
    if (chunk.length >= 16_384) turns.push(turn);
    bytes += chunk.length;
    return [chunk];
  });
  stream.resume();
  peer.write(Buffer.alloc(2_000_000));
  await expect.poll(() => bytes).toBe(2_000_000);
  expect(turns.length).toBeGreaterThan(1);
  expect(new Set(turns).size).toBe(turns.length);
});
