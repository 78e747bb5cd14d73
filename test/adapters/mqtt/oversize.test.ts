import fc from "fast-check";
import { expect, test } from "vitest";
import { OversizeCutter } from "../../../adapters/mqtt/oversize.js";

const largest = 200;

function packet(type: number, body: Buffer): Buffer {
  const digits: number[] = [];
  let rest = body.length;
  do {
    digits.push((rest % 128) + (rest > 127 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type, ...digits]), body]);
}

const aPacket = fc
  .tuple(
    fc.constantFrom(0x30, 0x32, 0x40, 0xd0),
    // The last have a length of three bytes, or nearly.
    fc.oneof(fc.nat(20), fc.integer({ min: 190, max: 210 }), fc.integer({ min: 16_380, max: 16_390 })),
  )
  .map(([type, length]) => ({ type, body: Buffer.alloc(length, length % 251) }));

test("hands on whole packets and cuts the longer ones, wherever the chunks end", () => {
  fc.assert(
    fc.property(
      fc.array(aPacket, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
      (packets, sizes) => {
        const stream = Buffer.concat(packets.map(({ type, body }) => packet(type, body)));
        const cutter = new OversizeCutter(largest);
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(...cutter.cut(stream.subarray(at, at + size)));
          at += size;
        }
        const expected = Buffer.concat(
          packets.map(({ type, body }) => packet(type, body.subarray(0, largest))),
        );
        expect(Buffer.concat(pieces).equals(expected)).toBe(true);
      },
    ),
  );
});

test("hands on a chunk without long packets as it came", () => {
  const chunk = Buffer.concat([packet(0x30, Buffer.alloc(10)), packet(0x30, Buffer.alloc(largest))]);
  expect(new OversizeCutter(largest).cut(chunk)).toEqual([chunk]);
});
