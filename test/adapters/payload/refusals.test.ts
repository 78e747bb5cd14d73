import { expect, test } from "vitest";
import { Payload } from "../../../adapters/payload/payload.js";
import { Refusals } from "../../../adapters/payload/refusals.js";
import { refuse } from "../../../src/core/value-refusal.js";
import { RecordingLog } from "../../support/recording-log.js";

const purpose = { device: "meter", channel: "power", url: "http://meter/" };
const message = new Payload(Buffer.from("21"));

test("what can be read is handed on, and nothing is said", () => {
  const log = new RecordingLog();
  expect(new Refusals(log).read(purpose, message, 2, ({ text }) => Number(text))).toBe(21);
  expect(log.lines).toEqual([]);
});

test.each([
  ["is refused", 2, "refused a message: 21 is too much."],
  ["is too long", 1, "dropped a message of 2 bytes; 1 are the limit"],
])("a message that %s costs one line a minute for each channel", (_, largest, sentence) => {
  const log = new RecordingLog();
  const refusals = new Refusals(log);
  const read = (channel: string) =>
    refusals.read({ ...purpose, channel }, message, largest, () => refuse("21 is too much."));
  expect([read("power"), read("power"), read("energy")]).toEqual([undefined, undefined, undefined]);
  const line = (channel: string) => ({
    level: "warn",
    fields: { ...purpose, channel, suppressed: 0 },
    message: `meter: ${sentence}`,
  });
  expect(log.lines).toEqual([line("power"), line("energy")]);
});
