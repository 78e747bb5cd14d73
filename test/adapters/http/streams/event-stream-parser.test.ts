import fc from "fast-check";
import { expect, test } from "vitest";
import { largestMessage } from "../../../../adapters/http/streams/connection.js";
import { EventStreamParser } from "../../../../adapters/http/streams/event-stream-parser.js";

function aParser() {
  const retries: number[] = [];
  let dropped = 0;
  const parser = new EventStreamParser(
    (milliseconds) => retries.push(milliseconds),
    () => {
      dropped += 1;
    },
  );
  const take = (...chunks: (string | Uint8Array)[]) =>
    chunks.flatMap((chunk) => parser.take(typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  return { take, retries, dropped: () => dropped };
}

test("reads names, ids, several lines of data and the wish to wait", () => {
  const { take, retries } = aParser();
  expect(take("retry: 4000\n: a comment\nid: 7\nevent: add\ndata: one\ndata:two\n\ndata\n\n")).toEqual([
    { id: "7", event: "add", data: "one\ntwo" },
    { id: undefined, event: undefined, data: "" },
  ]);
  expect(retries).toEqual([4000]);
});

test("knows the same events however the bytes are cut", () => {
  const stream = Buffer.from(
    '\ufeffdata: grün\r\n\r\nevent: 💡\rdata: {"on": true}\r\rid: 1\ndata: a\n\ndata: b\r\n\n: hi\n\ndata: c\n\n',
  );
  const whole = aParser().take(stream);
  expect(whole.map(({ data }) => data)).toEqual(["grün", '{"on": true}', "a", "b", "c"]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const places = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
      const chunks = places.slice(1).map((end, index) => stream.subarray(places[index], end));
      expect(aParser().take(...chunks)).toEqual(whole);
    }),
  );
});

test("shows bytes that are no UTF-8 as such, and reads on", () => {
  const bytes = Buffer.concat([
    Buffer.from("data: a"),
    Buffer.of(0xe2, 0x82),
    Buffer.from("b\n\ndata: c\n\n"),
  ]);
  expect(
    aParser()
      .take(bytes)
      .map(({ data }) => data),
  ).toEqual(["a\ufffdb", "c"]);
});

test.each([
  ["one line", `data: ${"x".repeat(5_000_000)}\n`],
  ["many lines", "data: x\n".repeat(100_000)],
  ["characters of several bytes", `data: ${"€".repeat(30_000)}\n`],
])("leaves out an event that is too large for %s, and reads the next", (_what, event) => {
  const { take, dropped } = aParser();
  const bytes = Buffer.from(`data: before\n\n${event}\ndata: after\n\n`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, index) =>
    bytes.subarray(index * 4096, (index + 1) * 4096),
  );
  expect(take(...chunks).map(({ data }) => data)).toEqual(["before", "after"]);
  expect(dropped()).toBe(1);
});

test.each(["\n\n", "\r\r", "\r\n\r\n", "\n\r\n"])("finds the end %j of an event that is too large", (end) => {
  fc.assert(
    fc.property(fc.nat(end.length), (cut) => {
      const { take, dropped } = aParser();
      take(`data: ${"x".repeat(largestMessage)}`);
      expect(dropped()).toBe(1);
      const rest = `${end}data: after${end}data: 2${end}`;
      const events = take("x", rest.slice(0, cut), rest.slice(cut), "\n");
      expect(events.map(({ data }) => data)).toEqual(["after", "2"]);
    }),
  );
});
