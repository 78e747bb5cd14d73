import { expect, test } from "vitest";
import type { Value, ValueSpec } from "../../src/core/value.js";
import { printValue } from "../../src/core/value-print.js";

test.each<[ValueSpec, Value, string]>([
  [{ kind: "switch" }, true, "on"],
  [{ kind: "switch", words: "wet/dry" }, false, "dry"],
  [{ kind: "contact" }, true, "open"],
  [{ kind: "contact", words: "detected/clear" }, true, "detected"],
  [{ kind: "level" }, 40, "40 %"],
  [{ kind: "level" }, 39.2156, "39 %"],
  [{ kind: "level" }, 0.4, "1 %"],
  [{ kind: "level" }, 99.9, "99 %"],
  [{ kind: "cover" }, 100, "open"],
  [{ kind: "cover" }, 0, "closed"],
  [{ kind: "cover" }, 40, "40 % open"],
  [{ kind: "number", unit: "°C" }, 21.400000000000002, "21.4 °C"],
  [{ kind: "number", unit: "°C" }, -3.456, "-3.46 °C"],
  [{ kind: "number", unit: "%" }, 45, "45 %"],
  [{ kind: "number", unit: "bar" }, 0.00125, "0.00125 bar"],
  [{ kind: "number", unit: "°" }, 270, "270°"],
  [{ kind: "number", unit: "W" }, -0.0, "0 W"],
  [{ kind: "number" }, 0.1 + 0.2, "0.3"],
  [{ kind: "number" }, 52.520008, "52.520008"],
  [{ kind: "color" }, "#ffa500", "#ffa500 (orange)"],
  [{ kind: "color" }, "#ff8800", "#ff8800"],
  [{ kind: "choice", options: ["eco"] }, "eco", "eco"],
  [{ kind: "lock" }, "locked", "locked"],
  [{ kind: "datetime" }, "2026-11-22T08:00:00Z", "2026-11-22 08:00 UTC"],
  [{ kind: "datetime" }, "2026-11-22T08:00:59.250Z", "2026-11-22 08:00 UTC"],
  [{ kind: "location" }, { lat: 52.52, lon: 13.405, accuracy: 20.4 }, "52.5200, 13.4050 (±20 m)"],
  [{ kind: "location" }, { lat: -1, lon: 2 }, "-1.0000, 2.0000"],
  [{ kind: "image" }, { contentType: "image/jpeg", size: 120_400 }, "image/jpeg, 120 kB"],
  [{ kind: "image" }, { contentType: "image/png", size: 999 }, "image/png, 999 B"],
  [{ kind: "image" }, { contentType: "image/png", size: 999_900 }, "image/png, 1 MB"],
  [{ kind: "cover" }, "stop", "stop"],
  [{ kind: "switch" }, 40, "40"],
])("%o at %o is shown as %o", (spec, value, text) => {
  expect(printValue(spec, value)).toBe(text);
});
