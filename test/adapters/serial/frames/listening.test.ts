import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { charsetOf } from "../../../../adapters/serial/charset.js";
import { Listening } from "../../../../adapters/serial/frames/listening.js";
import { readFrameDevice } from "../../../../adapters/serial/frames/wiring.js";
import { framerOf } from "../../../../adapters/serial/framing/settings.js";
import { RecordingSink } from "../../../support/recording-sink.js";
import { silentLog } from "../../../support/silent-log.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** One that takes whatever stands in a line for its value. */
function aGauge() {
  const [sink, charset] = [new RecordingSink(), charsetOf("utf8")];
  const framer = framerOf({ kind: "line", max: 1024, start: new Uint8Array() });
  const listening = new Listening({ framer, isSure: false, charset, sink, log: silentLog });
  const channels = { level: { value: { kind: "number" }, address: {} } } as const;
  const { wiring } = readFrameDevice({ address: {}, channels }, { charset, checksum: undefined });
  listening.follow(new Map([["gauge", wiring]]));
  listening.open();
  return {
    say: (text: string) => listening.hear(Buffer.from(text)),
    levels: () => sink.reports.map(({ readings }) => readings.level),
  };
}

test("what was under way at the opening is no value, however late a busy process comes to read it", async () => {
  const { say, levels } = aGauge();
  vi.advanceTimersByTime(1000);
  say("1.5\n22.5\n");
  await setImmediate();
  expect(levels()).toEqual([22.5]);
});

test("what begins behind a silence is whole", async () => {
  const { say, levels } = aGauge();
  vi.advanceTimersByTime(1000);
  await setImmediate();
  say("21.5\n");
  expect(levels()).toEqual([21.5]);
});
