import { expect, test } from "vitest";
import { sameValue, type Value } from "../../src/core/value.js";

test.each<[Value, Value, boolean]>([
  [21.5, 21.5, true],
  [true, "true", false],
  [{ lat: 1, lon: 2 }, { lon: 2, lat: 1 }, true],
  [{ lat: 1, lon: 2 }, { lat: 1, lon: 2, accuracy: 5 }, false],
  [{ lat: 1, lon: 2, accuracy: 5 }, { lat: 1, lon: 2 }, false],
  [{ contentType: "image/png", size: 1 }, { contentType: "image/png", size: 2 }, false],
  [{ lat: 1, lon: 2 }, 1, false],
])("%o and %o are the same: %o", (a, b, same) => {
  expect(sameValue(a, b)).toBe(same);
});
