import fc from "fast-check";
import { expect, test } from "vitest";
import type { State } from "../../src/core/state.js";
import { StateColumns } from "../../src/core/state-columns.js";

const state: fc.Arbitrary<State> = fc.record({
  value: fc.oneof(
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.constant({ lat: 52.5, lon: 13.4 }),
    fc.constant({ contentType: "image/png", size: 7 }),
  ),
  quality: fc.constantFrom("live", "stale", "unavailable"),
  at: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  seq: fc.integer({ min: 1, max: 2 ** 48 }),
});

test("what was set is got, and nothing of what was there before, however ranges come and go", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("allocate" as const), count: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ do: fc.constant("release" as const), which: fc.nat(40) }),
    fc.record({ do: fc.constant("set" as const), which: fc.nat(40), place: fc.nat(4), state }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const columns = new StateColumns();
      let ranges: { first: number; states: (State | undefined)[] }[] = [];
      for (const now of steps) {
        const range = now.do === "allocate" ? undefined : ranges[now.which];
        if (now.do === "allocate") {
          const states = Array.from({ length: now.count }, () => undefined);
          ranges.push({ first: columns.allocate(now.count), states });
        } else if (range !== undefined && now.do === "release") {
          columns.release(range.first, range.states.length);
          ranges = ranges.filter((other) => other !== range);
        } else if (range !== undefined && now.do === "set" && now.place < range.states.length) {
          columns.set(range.first + now.place, now.state);
          range.states[now.place] = now.state;
        }
      }
      for (const { first, states } of ranges) {
        expect(states.map((_, place) => columns.get(first + place))).toEqual(states);
      }
    }),
  );
});
