import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkerOf, checksum, checksumFor } from "../../../../adapters/serial/checksum.js";
import type { Framer } from "../../../../adapters/serial/framing/framer.js";
import { framerOf, framing } from "../../../../adapters/serial/framing/settings.js";
import { problemsOf } from "../../../../src/schema.js";

function aFramer(settings: unknown, check?: unknown): Framer {
  const parsed = framing.parse(settings);
  if (parsed.kind === "modbus-rtu") throw new TypeError("not a stream");
  return framerOf(parsed, check === undefined ? undefined : checkerOf(checksum.parse(check)));
}

/** Frames and noise after all bytes, and after the silence that follows them. */
function outcome(framer: Framer, chunks: readonly Uint8Array[]) {
  const frames = chunks.flatMap((chunk) => framer.push(chunk));
  return {
    frames: [...frames, ...framer.flush()].map((frame) => Buffer.from(frame).toString("hex")),
    noise: framer.noise,
    failed: framer.failed,
  };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const sds011 = { kind: "length", length: 10, start: { hex: "AA C0" }, end: { hex: "AB" } };
const sds011Check = { kind: "sum8", from: 2, at: 8 };
const plantower = {
  kind: "length",
  start: { hex: "42 4D" },
  length: { at: 2, size: 2 },
  max: 64,
};

const cases: readonly (readonly [string, unknown, unknown])[] = [
  ["lines", { kind: "line", max: 16 }, undefined],
  ["lines with a start", { kind: "line", start: "$", max: 16 }, undefined],
  ["lines with a check", { kind: "line", start: "$", max: 16 }, { kind: "xor8", marker: "*" }],
  ["delimited frames", { kind: "delimiter", delimiter: "\r\n", max: 16 }, undefined],
  ["delimited frames with a start", { kind: "delimiter", delimiter: "\r\n", start: "$", max: 16 }, "sum8"],
  ["frames of one length", sds011, sds011Check],
  ["frames of one length without sync bytes", { kind: "length", length: 3 }, "xor8"],
  ["frames that say their length", plantower, undefined],
  ["SLIP", { kind: "slip", max: 16 }, undefined],
  ["telegrams of lines", { kind: "regex", first: "^[$]", last: "^A", max: 16 }, undefined],
  ["lines up to a last one", { kind: "regex", last: "^[A0]", max: 16 }, "xor8"],
  ["frames between silences", { kind: "gap", gap: "50ms", max: 64 }, undefined],
];

// Few values, so that starts, ends and escapes are hit often.
const bytes = fc.array(
  fc.constantFrom(0, 1, 2, 4, 10, 13, 36, 42, 48, 49, 65, 0x42, 0x4d, 0xaa, 0xab, 0xc0, 0xdb, 0xdc, 0xdd),
  { maxLength: 200 },
);

test.each(cases)("%s are the same however the bytes are cut into chunks", (_, settings, check) => {
  fc.assert(
    fc.property(bytes, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), (given, sizes) => {
      const stream = Uint8Array.from(given);
      const whole = outcome(aFramer(settings, check), [stream]);
      expect(outcome(aFramer(settings, check), cut(stream, sizes))).toEqual(whole);
      expect(
        outcome(
          aFramer(settings, check),
          cut(
            stream,
            given.map(() => 1),
          ),
        ),
      ).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test.each(cases)(
  "%s are bounded under a megabyte of noise, at once and byte by byte",
  (_, settings, check) => {
    const noise = new Uint8Array(1_000_000);
    let seed = 7;
    for (let at = 0; at < noise.length; at++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      noise[at] = seed >>> 16;
    }
    const whole = outcome(aFramer(settings, check), [noise]);
    const framer = aFramer(settings, check);
    const frames: string[] = [];
    for (let at = 0; at < noise.length; at++) {
      for (const frame of framer.push(noise.subarray(at, at + 1)))
        frames.push(Buffer.from(frame).toString("hex"));
    }
    for (const frame of framer.flush()) frames.push(Buffer.from(frame).toString("hex"));
    expect({ frames, noise: framer.noise, failed: framer.failed }).toEqual(whole);
    expect(framer.noise).toBeLessThanOrEqual(noise.length);
  },
);

describe("lines", () => {
  test("end in a line feed, a carriage return or both, and empty ones are none", () => {
    const framer = aFramer({ kind: "line" });
    const frames = framer.push(Buffer.from("P=1.5\nPUMP=1\r\n\r\n\nT=2\rhalf"));
    expect(frames.map((frame) => Buffer.from(frame).toString())).toEqual(["P=1.5", "PUMP=1", "T=2"]);
    expect(framer.noise).toBe(0);
  });

  test("may be as long as max, and one that is longer is dropped up to its end", () => {
    const framer = aFramer({ kind: "line", max: 4 });
    const frames = framer.push(Buffer.from("1234\n12345\n12\n"));
    expect(frames.map((frame) => Buffer.from(frame).toString())).toEqual(["1234", "12"]);
    expect(framer.noise).toBe(5);
  });

  test("resume after 100 KB without an end", () => {
    const framer = aFramer({ kind: "line" });
    expect(framer.push(Buffer.alloc(100_000, "x"))).toEqual([]);
    expect(framer.push(Buffer.from("y\nP=1\n")).map((frame) => Buffer.from(frame).toString())).toEqual([
      "P=1",
    ]);
    expect(framer.noise).toBe(100_001);
  });

  test("are never joined from the halves of two links", () => {
    const framer = aFramer({ kind: "line" });
    framer.push(Buffer.from("P=1"));
    framer.reset();
    expect(framer.push(Buffer.from("5\n")).map((frame) => Buffer.from(frame).toString())).toEqual(["5"]);
  });
});

describe("frames of one length", () => {
  const good = hex("AA C0 D4 04 3A 0A A1 60 1D AB");

  test("are found after a start byte that is data of a frame cut short", () => {
    const framer = aFramer(sds011, sds011Check);
    const frames = framer.push(Buffer.concat([hex("AA C0 D4 04"), good, hex("AA"), good]));
    expect(frames.map((frame) => Buffer.from(frame))).toEqual([good, good]);
    expect(framer.noise).toBe(5);
  });

  // Without the end byte, noise cannot become a frame of its own.
  test("are all found among noise that is full of starts", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(0xaa, 0xc0, 0, 1), { maxLength: 25 })), (noises) => {
        const framer = aFramer(sds011, sds011Check);
        const frames = framer.push(Buffer.concat(noises.flatMap((noise) => [Uint8Array.from(noise), good])));
        expect(frames.map((frame) => Buffer.from(frame))).toEqual(noises.map(() => good));
        expect(framer.noise).toBe(noises.flat().length);
      }),
    );
  });

  test("drop half a frame after a second of silence", () => {
    const framer = aFramer({ kind: "length", length: 4 });
    framer.push(hex("01 02"));
    expect(framer.silence).toBe(1000);
    expect(framer.flush()).toEqual([]);
    expect(framer.push(hex("01 02 03 04"))).toEqual([Uint8Array.of(1, 2, 3, 4)]);
    expect(framer.noise).toBe(2);
  });

  test("are looked for no more often than noise of nothing but starts can pay", () => {
    let looks = 0;
    const parsed = framing.parse({ kind: "length", length: 16_384, start: { hex: "AA" }, max: 16_384 });
    if (parsed.kind === "modbus-rtu") throw new TypeError("not a stream");
    const framer = framerOf(parsed, (frame) => {
      looks += frame.length;
      return undefined;
    });
    framer.push(Buffer.alloc(1_000_000, 0xaa));
    expect(looks).toBeLessThanOrEqual(66 * 1_000_000);
  });
});

test("frames that say their length may count it in several ways", () => {
  const rest = aFramer({ kind: "length", length: { at: 1 }, start: { hex: "55" } });
  expect(rest.push(hex("00 55 02 01 02 55 00"))).toEqual(
    [hex("55 02 01 02"), hex("55 00")].map((frame) => Uint8Array.from(frame)),
  );
  const all = aFramer({ kind: "length", length: { at: 0, size: 2, order: "le", add: 0 }, max: 8 });
  expect(all.push(hex("04 00 01 02 FF FF 03 00 07"))).toEqual(
    [hex("04 00 01 02"), hex("03 00 07")].map((frame) => Uint8Array.from(frame)),
  );
});

describe("SLIP", () => {
  test("puts escaped bytes back", () => {
    const framer = aFramer({ kind: "slip" });
    expect(framer.push(hex("C0 01 DB DC 02 DB DD 03 C0 C0"))).toEqual([Uint8Array.of(1, 0xc0, 2, 0xdb, 3)]);
    expect(framer.noise).toBe(0);
  });

  test("drops a frame with an escape that is none, up to its end", () => {
    const framer = aFramer({ kind: "slip" });
    expect(framer.push(hex("C0 01 DB 01 02 C0 07 C0 08 DB C0"))).toEqual([Uint8Array.of(7)]);
    expect(framer.noise).toBe(6);
  });

  test("drops a frame that is too long", () => {
    const framer = aFramer({ kind: "slip", max: 2 });
    expect(framer.push(hex("01 02 C0 01 02 03 C0 04 C0"))).toEqual([Uint8Array.of(1, 2), Uint8Array.of(4)]);
    expect(framer.noise).toBe(3);
  });
});

test("a frame between silences is dropped whole when it is too long", () => {
  const framer = aFramer({ kind: "gap", gap: "50ms", max: 3 });
  framer.push(hex("01 02 03"));
  expect(framer.flush()).toEqual([Uint8Array.of(1, 2, 3)]);
  framer.push(hex("01 02 03 04"));
  expect(framer.flush()).toEqual([]);
  expect(framer.push(hex("05"))).toEqual([]);
  expect(framer.flush()).toEqual([Uint8Array.of(5)]);
  expect([framer.noise, framer.silence]).toEqual([4, 50]);
});

describe("telegrams of lines", () => {
  const dsmr = { kind: "regex", first: "^/", last: "^![0-9A-F]{4}$" };
  const body = "/ISk5\\2MT382-1000\r\n\r\n1-3:0.2.8(50)\r\n1-0:1.7.0(01.193*kW)\r\n!";
  const digits = Buffer.from(checksumFor(checksum.parse("crc16-dsmr"), Buffer.from(body))).toString();
  const telegram = Buffer.from(`${body}${digits}\r\n`);
  const texts = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame).toString());

  test("are read up to their last line, with the check of the meter", () => {
    const framer = aFramer(dsmr, "crc16-dsmr");
    expect(texts(framer.push(Buffer.concat([telegram, telegram])))).toEqual([body, body]);
    expect(framer.noise).toBe(0);
  });

  test("are all found when another was cut short before them", () => {
    for (let length = 0; length < telegram.length; length++) {
      const framer = aFramer(dsmr, "crc16-dsmr");
      const frames = framer.push(
        Buffer.concat([telegram.subarray(0, length), Buffer.from("\r\n"), telegram]),
      );
      expect(texts(frames).at(-1)).toBe(body);
    }
  });

  test("with a flipped bit are refused, at every position", () => {
    for (let bit = 0; bit < telegram.length * 8; bit++) {
      const flipped = Buffer.from(telegram);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      for (const text of texts(aFramer(dsmr, "crc16-dsmr").push(flipped)))
        expect([bit, text]).toEqual([bit, body]);
    }
  });

  test("that are too long are dropped, and the next is found", () => {
    const framer = aFramer({ kind: "regex", last: "^OK$", max: 8 });
    expect(texts(framer.push(Buffer.from("123\n456\n78\nOK\n1\nOK\n123456789012\nOK\n2\nOK\n")))).toEqual([
      "1\nOK",
      "2\nOK",
    ]);
  });
});

describe("what cannot be right is said of the framing", () => {
  test.each([
    [{ kind: "lines" }, "kind", 'did you mean "line"?'],
    [{}, "kind", "one of: line, delimiter"],
    [{ kind: "line", max: 20_000 }, "max", "at most 16384"],
    [{ kind: "line", start: "$$", max: 2 }, "max", "no room for more than `start`"],
    [{ kind: "delimiter" }, "delimiter", "neither a text nor bytes"],
    [{ kind: "delimiter", delimiter: "" }, "delimiter", "is empty"],
    [{ kind: "delimiter", delimiter: { hex: "A" } }, "delimiter.hex", "two hex digits"],
    [{ kind: "delimiter", delimiter: 10 }, "delimiter", "neither a text nor bytes"],
    [{ kind: "length", length: 2000 }, "max", "less than the length of a frame, 2000"],
    [{ kind: "length", length: 1, start: "ab" }, "length", "no room for `start`"],
    [{ kind: "length", length: 3, start: "ab", end: "cd" }, "length", "no room for `start` and `end`"],
    [{ kind: "length", length: { at: 1 }, start: "ab" }, "length.at", "write 2 or more"],
    [{ kind: "length", length: { at: 2, size: 3 } }, "length.size", "write 1 or 2"],
    [{ kind: "length", length: { at: 20 }, max: 10 }, "max", "shortest frame, 21"],
    [{ kind: "gap", gap: 0 }, "gap", "from 1ms to 10s"],
    [{ kind: "gap" }, "gap", ""],
    [{ kind: "regex", last: "(" }, "last", "is no regular expression"],
    [{ kind: "regex", last: "(?=a)" }, "last", "is no regular expression"],
    [{ kind: "slip", start: "a" }, "start", "unknown key"],
  ])("%j: %s", (given, path, sentence) => {
    const { error } = framing.safeParse(given);
    const problems = error === undefined ? [] : problemsOf(error);
    expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
    expect(problems[0]?.message).toContain(sentence);
  });
});
