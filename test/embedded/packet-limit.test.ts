import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketLimit } from "../../src/embedded/packet-limit.js";

/** MQTT 3.1.1 §2.2.3 */
function packet(length: number): number[] {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return [...header, ...new Array<number>(length).fill(0xff)];
}

test("accepts packets up to the limit and no larger ones, however the bytes are cut", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 });
  fc.assert(
    fc.property(lengths, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (bodies, cuts) => {
      const limit = new PacketLimit(100, 300);
      const bytes = Uint8Array.from(bodies.flatMap(packet));
      let accepted = true;
      for (let at = 0, turn = 0; accepted && at < bytes.length; turn++) {
        const next = at + (cuts[turn % cuts.length] ?? 1);
        accepted = limit.accepts(bytes.subarray(at, next));
        at = next;
      }
      expect(accepted).toBe(bodies.every((length, index) => length <= (index === 0 ? 100 : 300)));
    }),
  );
});

test("refuses a length of more than four bytes", () => {
  expect(new PacketLimit(2 ** 31, 2 ** 31).accepts(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 0))).toBe(
    false,
  );
});
