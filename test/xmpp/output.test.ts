import { once } from "node:events";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Output } from "../../src/xmpp/output.js";

let server: Server;
let socket: Socket;
let output: Output;
let written: Buffer[];

beforeEach(async () => {
  server = createServer((peer) => peer.resume().on("error", () => {})).listen(0, "127.0.0.1");
  await once(server, "listening");
  socket = new Socket().connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  written = [];
  const write = socket.write.bind(socket);
  socket.write = (chunk: Uint8Array | string) => {
    written.push(Buffer.from(chunk));
    return write(chunk);
  };
  output = new Output(socket, () => {});
});

afterEach(async () => {
  socket.destroy();
  server.close();
  await once(server, "close");
});

const write = (text: string) => output.write(text, Buffer.byteLength(text));
const turn = () => new Promise((resolve) => setImmediate(resolve));
const tag = (length: number) => `<a b="${"x".repeat(length - 9)}"/>`;

/**
 * Reads as expat does since 2.6, in reads of these sizes: a tag that is not whole is tried again when there are twice
 * the bytes of the last try. Returns how much it has not parsed in the end.
 */
function unparsed(bytes: Buffer, reads: Iterator<number, number>): number {
  let start = 0;
  let tried = 0;
  for (let end = 0; end < bytes.length; ) {
    end = Math.min(bytes.length, end + reads.next().value);
    if (end - start < 2 * tried) continue;
    const whole = parsedTo(bytes, start, end);
    tried = whole === start ? end - start : 0;
    start = whole;
  }
  return bytes.length - start;
}

/** Where the last tag begins that is not whole before `end`. */
function parsedTo(bytes: Buffer, start: number, end: number): number {
  const open = bytes.subarray(start, end).lastIndexOf("<");
  return open === -1 || bytes.subarray(start + open, end).includes(">") ? end : start + open;
}

function* sizes(seed: number): Generator<number, number> {
  for (let state = seed; ; state = (state * 48_271) % 2_147_483_647) yield 1 + (state % 8192);
}

test("small stanzas of one turn are one write, and nothing is added", async () => {
  write("<a/>");
  write("<b/>");
  await turn();
  write("<c/>");
  await turn();
  expect(written.map(String)).toEqual(["<a/><b/>", "<c/>"]);
});

test("a burst goes out in large writes, and white space behind its end", async () => {
  for (let count = 0; count < 100; count++) write(tag(1000));
  await turn();
  const sent = written.map(String);
  expect(sent.map((chunk) => chunk.trimEnd().length)).toEqual([33_000, 33_000, 33_000, 1000]);
  expect(sent.map((chunk) => chunk.length - chunk.trimEnd().length)).toEqual([0, 0, 0, 1000]);
});

test("a burst that ends with a large write is padded all the same", async () => {
  for (let count = 0; count < 40; count++) write(tag(1000));
  expect(written).toHaveLength(1);
  output.flush();
  await turn();
  expect(Buffer.concat(written).toString()).toMatch(/> {1000}$/);
});

for (const length of [1100, 9000, 30_000, 150_000]) {
  test(`a tag of ${length} bytes and all behind it is read, however the server reads`, async () => {
    for (const text of [tag(300), tag(length), tag(200), tag(900)]) write(text);
    await turn();
    const bytes = Buffer.concat(written);
    const bare = bytes.subarray(0, bytes.lastIndexOf(">") + 1);
    const seeds = Array.from({ length: 500 }, (_, index) => index + 1);
    expect(seeds.filter((seed) => unparsed(bytes, sizes(seed)) > 0)).toEqual([]);
    expect(seeds.some((seed) => unparsed(bare, sizes(seed)) > 0)).toBe(true);
  });
}

test("white space counts as what waits: with it, there is never more than 1 MB", async () => {
  socket.cork();
  let taken = 0;
  while (write(tag(200_000))) taken++;
  await turn();
  expect(taken).toBe(4);
  expect(socket.writableLength).toBe(1_000_000);
  expect(write(tag(25_000))).toBe(false);
  expect(write(tag(24_000))).toBe(true);
});
