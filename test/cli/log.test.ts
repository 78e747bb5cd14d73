import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLog, type LogOptions } from "../../src/cli/log.js";

function aLog(options: LogOptions = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLog({ isTerminal: false, level: "info", stream, ...options }), lines };
}

const hostile = "a\u001b[2Jb\u202ec\nd\u009be\\n";

test("writes one JSON object a line", () => {
  const { log, lines } = aLog();
  log.child({ adapter: "broker" }).info({ topic: "a/b" }, "heard");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    adapter: "broker",
    topic: "a/b",
    msg: "heard",
  });
});

test("secrets are not written, however deep they lie", () => {
  const { log, lines } = aLog();
  log.info(
    { password: "p1", a: { secret: "p2", b: { token: "p3", c: { authorization: "p4" } } } },
    "settings",
  );
  log.child({ password: "p5" }).info({}, "child");
  expect(lines.join("")).not.toMatch(/p[1-5]/);
  expect(lines.join("").match(/\[secret\]/g)).toHaveLength(5);
});

test("in JSON nothing can move a cursor, and nothing is lost", () => {
  const { log, lines } = aLog();
  log.info({ text: hostile }, hostile);
  expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ text: hostile, msg: hostile });
});

test("on a terminal, too", () => {
  const { log, lines } = aLog({ isTerminal: true });
  log.info({ text: "x\u202ey" }, hostile);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("a\\u001b[2Jb\\u202ec\\nd\\u009be\\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the printer's own colours
  expect(lines[0]?.trimEnd().replace(/\u001b\[\d+m/g, "")).not.toMatch(/[\p{Cc}\u202e]/u);
});

test("on a terminal an information is short, and trouble is told with all that is known of it", () => {
  const { log, lines } = aLog({ isTerminal: true });
  const broker = log.child({ adapter: "broker" });
  broker.info({ url: "mqtt://127.0.0.1" }, "online");
  broker.warn({ err: new Error("no way") }, "offline");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the printer's own colours
  const plain = lines.map((line) => line.replace(/\u001b\[\d+m/g, ""));
  expect(plain).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d broker: online\n$/),
    expect.stringMatching(/^\[\d\d:\d\d:\d\d\] WARN: broker: offline \{"err":\{"message":"no way"\}\}\n$/),
  ]);
});

test("an error is a sentence and a code; its stack is for those who debug", () => {
  const error = Object.assign(new Error("no way", { cause: new Error("a wall") }), { code: "EWAY" });
  const plain = aLog();
  plain.log.error({ err: error }, "failed");
  expect(JSON.parse(plain.lines[0] ?? "").err).toEqual({
    message: "no way",
    code: "EWAY",
    cause: { message: "a wall" },
  });
  const debugging = aLog({ level: "debug" });
  debugging.log.error({ err: error }, "failed");
  expect(JSON.parse(debugging.lines[0] ?? "").err.stack[0]).toBe("Error: no way");
});

test("a level that does not exist is info, and said to be", () => {
  const { log, lines } = aLog({ level: "loud" });
  log.debug({}, "quiet");
  log.info({}, "heard");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'LOG_LEVEL knows no "loud"; info is used. Known: trace, debug, info, warn, error, fatal',
    "heard",
  ]);
});

test("says how many lines of a cause were left out, if any were", () => {
  const { log, lines } = aLog();
  log.warn({ suppressed: 0 }, "first");
  log.warn({ suppressed: 7 }, "second");
  expect(lines.map((line) => JSON.parse(line).suppressed)).toEqual([undefined, 7]);
});
