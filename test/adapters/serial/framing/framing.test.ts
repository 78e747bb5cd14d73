import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkerOf, checksum } from "../../../../adapters/serial/checksum.js";
import type { Framer } from "../../../../adapters/serial/framing/framer.js";
import { framerOf, framing } from "../../../../adapters/serial/framing/settings.js";

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
