import { expect, test } from "vitest";
import type { DeviceView } from "../../src/core/gateway.js";
import { machineLocale } from "../../src/core/locale.js";
import { clockTimes, relativeTimes } from "../../src/xmpp/moments.js";
import { statusLine } from "../../src/xmpp/status-line.js";
import { aDevice } from "../support/fake-device.js";
import { FakeGateway } from "../support/fake-gateway.js";

const at = Date.parse("2026-11-22T13:05:00Z");
const berlin = clockTimes("Europe/Berlin");

const lamp = aDevice({
  channels: { power: { value: { kind: "switch" } }, brightness: { value: { kind: "level" } } },
});
const sensor = aDevice({
  main: "temperature",
  channels: {
    humidity: { value: { kind: "number", unit: "%" } },
    temperature: { value: { kind: "number", unit: "°C" } },
    "dew-point": { value: { kind: "number", unit: "°C" } },
    "child-lock": { value: { kind: "switch" } },
    pressure: { value: { kind: "number", unit: "hPa" } },
  },
});

function house(device = lamp): { gateway: FakeGateway; view: DeviceView } {
  const gateway = new FakeGateway([device]);
  const view = gateway.device("alice@example.org", device.id);
  if (view === undefined) throw new Error("The test has no device.");
  return { gateway, view };
}

test("the main channel comes first", () => {
  const { gateway, view } = house();
  gateway.report("kitchen-lamp", { brightness: 40, power: true });
  expect(statusLine(view, berlin, machineLocale)).toBe("on · 40 %");
});

test("four channels at most; one whose unit does not say what it is, is named", () => {
  const { gateway, view } = house(sensor);
  gateway.report("kitchen-lamp", {
    humidity: 45,
    temperature: 21.4,
    "dew-point": 9,
    "child-lock": false,
    pressure: 1000,
  });
  expect(statusLine(view, berlin, machineLocale)).toBe("21.4 °C · 45 % · dew point 9 °C · child lock off");
});

test("an empty text has no place in it", () => {
  const { gateway, view } = house(
    aDevice({ channels: { power: { value: { kind: "switch" } }, title: { value: { kind: "text" } } } }),
  );
  gateway.report("kitchen-lamp", { power: true, title: "" });
  expect(statusLine(view, berlin, machineLocale)).toBe("on");
});

test("what is not live is told as last known, with its time", () => {
  const { gateway, view } = house();
  gateway.report("kitchen-lamp", { power: true, brightness: 40 }, "stale", at);
  expect(statusLine(view, berlin, machineLocale)).toBe("last known on · 40 %, 22 Nov, 14:05");
  expect(statusLine(view, relativeTimes(at + 3 * 3_600_000), machineLocale)).toBe(
    "last known on · 40 %, 3 h ago",
  );
});

test("stale is never mixed into live", () => {
  const { gateway, view } = house();
  gateway.report("kitchen-lamp", { power: true, brightness: 40 }, "stale", at);
  gateway.report("kitchen-lamp", { brightness: 50 }, "live", at);
  expect(statusLine(view, berlin, machineLocale)).toBe("last known on, 22 Nov, 14:05 · 50 %");
  gateway.report("kitchen-lamp", { power: false }, "live", at);
  gateway.report("kitchen-lamp", { brightness: 40 }, "stale", at);
  expect(statusLine(view, berlin, machineLocale)).toBe("off");
});

test("offline says since when and why", () => {
  const { gateway } = house();
  gateway.setAvailability("kitchen-lamp", "offline", { since: at, text: "The broker is\naway." });
  const view = gateway.device("alice@example.org", "kitchen-lamp");
  if (view === undefined) throw new Error("The test has no device.");
  expect(statusLine(view, berlin, machineLocale)).toBe("offline since 22 Nov, 14:05. The broker is away.");
  expect(statusLine(view, relativeTimes(at + 40_000), machineLocale)).toBe(
    "offline for 40 s. The broker is away.",
  );
});

test("a device that said nothing yet has a line, too", () => {
  const { gateway, view } = house();
  expect(statusLine(view, berlin, machineLocale)).toBe("nothing reported yet");
  gateway.setAvailability("kitchen-lamp", "unknown", { detail: "not-seen-yet" });
  expect(statusLine(gateway.device("a@b", "kitchen-lamp") ?? view, berlin, machineLocale)).toBe(
    "not heard from yet",
  );
  const { view: button } = house(
    aDevice({ channels: { ring: { value: { kind: "button" }, readable: false } } }),
  );
  expect(statusLine(button, berlin, machineLocale)).toBe("online");
});

test("a text of any length and content is one short clean line", () => {
  const { gateway, view } = house(aDevice({ channels: { note: { value: { kind: "text" } } } }));
  gateway.report("kitchen-lamp", { note: "a\u0001b\n c\ud800 ]]> \u202e😀" });
  expect(statusLine(view, berlin, machineLocale)).toBe("ab c ]]> 😀");
  gateway.report("kitchen-lamp", { note: "😀".repeat(300_000) });
  expect(statusLine(view, berlin, machineLocale)).toBe(`${"😀".repeat(59)}…`);
});
