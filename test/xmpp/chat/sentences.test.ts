import { expect, test } from "vitest";
import type { Receipt } from "../../../src/core/command.js";
import { machineLocale } from "../../../src/core/locale.js";
import { sentenceOf } from "../../../src/xmpp/chat/sentences.js";
import { aDevice } from "../../support/fake-device.js";
import { type Answer, FakeGateway } from "../../support/fake-gateway.js";

function sentence(answer: Answer, channelId = "power"): string {
  const device = aDevice({
    channels: {
      power: { value: { kind: "switch" } },
      position: { value: { kind: "cover" } },
      fast: { value: { kind: "number", unit: "W" }, confirmWithin: 2500 },
      note: { value: { kind: "text" } },
    },
  });
  const gateway = new FakeGateway([device]);
  gateway.setAvailability("kitchen-lamp", "offline", {
    since: Date.now() - 7_200_000,
    text: "The broker is away",
  });
  const view = gateway.device("alice@example.org", "kitchen-lamp");
  const channel = device.channels.get(channelId);
  if (view === undefined || channel === undefined) throw new Error("The test has no such channel.");
  const receipt: Receipt = {
    command: "1",
    device: device.id,
    channel: channelId,
    receipt: "confirmed",
    ...answer,
  };
  return sentenceOf(receipt, view, channel, machineLocale);
}

test.each<[Answer, string]>([
  [{ receipt: "confirmed", value: true }, "Kitchen lamp is on."],
  [{ receipt: "sent" }, "Sent to Kitchen lamp; it does not report back."],
  [{ receipt: "sent", code: "superseded" }, "Kitchen lamp: sent, but a newer command followed at once."],
  [{ receipt: "timed-out" }, "Kitchen lamp did not answer in 10 s; it may have happened."],
  [
    { receipt: "expired", code: "deadline-passed" },
    "Kitchen lamp could not be reached in time; nothing was sent.",
  ],
  [{ receipt: "failed", code: "adapter-failed", detail: "HTTP 500" }, "Kitchen lamp: that failed. HTTP 500."],
  [
    { receipt: "unknown" },
    "Kitchen lamp: the gateway stopped while this was under way; it may have happened.",
  ],
  [
    { receipt: "refused", code: "superseded" },
    "Kitchen lamp: a newer command took its place; this one was not sent.",
  ],
  [{ receipt: "refused", code: "busy" }, "Kitchen lamp is busy; try again shortly."],
  [
    { receipt: "refused", code: "device-offline" },
    "Kitchen lamp has been offline for 2 h; nothing was sent. The broker is away.",
  ],
  [{ receipt: "refused", code: "channel-read-only" }, "Kitchen lamp: power can only be read."],
  [{ receipt: "refused", code: "value-invalid" }, "Kitchen lamp: it takes on, off or toggle."],
  [{ receipt: "refused", code: "forbidden" }, "You may not do that with Kitchen lamp."],
])("%j is said as %j", (answer, said) => {
  expect(sentence(answer)).toBe(said);
});

test("a channel that does not stand for the device is named", () => {
  expect(sentence({ value: 12 }, "fast")).toBe("Kitchen lamp: fast is 12 W.");
  expect(sentence({ receipt: "sent" }, "fast")).toBe("Sent to Kitchen lamp (fast); it does not report back.");
});

test("the patience is the channel's own", () => {
  expect(sentence({ receipt: "timed-out" }, "fast")).toMatch(/in 2\.5 s;/);
  expect(sentence({ receipt: "timed-out" }, "position")).toMatch(/in 60 s;/);
});

test("what a device or its adapter wrote stays one short line", () => {
  const said = sentence({ receipt: "failed", detail: `a\nb\u0001\u202e${"x".repeat(10_000)}` });
  expect(said).toMatch(/^Kitchen lamp: that failed\. a bx+….*$/);
  expect(said.length).toBeLessThan(400);
});
