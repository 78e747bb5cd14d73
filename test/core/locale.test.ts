import { expect, test } from "vitest";
import { localeOf } from "../../src/core/locale.js";

const home = { timezone: "Europe/Berlin", units: "metric" } as const;

test.each([
  ["en", "."],
  ["en-US", "."],
  ["de", ","],
  ["de-CH", "."],
  ["fr-CA", ","],
  ["ar", "."],
])("in %s the decimal sign is %s", (language, decimal) => {
  expect(localeOf({ ...home, language })).toEqual({ units: "metric", decimal, timeZone: "Europe/Berlin" });
});
