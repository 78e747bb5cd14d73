import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Intake } from "../../../adapters/mqtt/intake.js";
import { planFor } from "../../../adapters/mqtt/plan.js";
import { readDevice } from "../../../adapters/mqtt/wiring.js";
import { RecordingLog } from "../../support/recording-log.js";
import { RecordingSink } from "../../support/recording-sink.js";

const channels = {
  temperature: { value: { kind: "number" }, address: { state: "weather/outside", extract: "$.temp" } },
  humidity: { value: { kind: "number" }, address: { state: "weather/+", extract: "$.hum" } },
  note: { value: { kind: "text" }, address: { state: "notes/1" } },
  bell: { value: { kind: "event" }, address: { state: "weather/bell" } },
  picture: { value: { kind: "image" }, address: { state: "notes/1" } },
} as const;
const availability = { topic: "weather/online", online: "1", offline: "0" };

describe("a message", () => {
  let sink: RecordingSink;
  let log: RecordingLog;
  let intake: Intake;

  beforeEach(() => {
    sink = new RecordingSink();
    log = new RecordingLog();
    const outside = readDevice({ address: { availability }, channels }).wiring;
    const inside = readDevice({
      address: undefined,
      channels: {
        outdoors: { value: { kind: "number" }, address: { state: "weather/outside", extract: "$.temp" } },
      },
    }).wiring;
    const { routes } = planFor(new Map(Object.entries({ outside, inside })));
    intake = new Intake(routes, sink, log);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const take = (topic: string, payload: string | Buffer, isRetained = false) =>
    intake.take(topic, Buffer.from(payload), isRetained);

  test("that feeds several channels is one report for each device", () => {
    take("weather/outside", '{"temp": 21.5, "hum": 45}');
    expect(sink.reports).toEqual([
      { device: "outside", readings: { temperature: 21.5, humidity: 45 }, freshness: "live" },
      { device: "inside", readings: { outdoors: 21.5 }, freshness: "live" },
    ]);
  });

  test("that the broker kept is reported as such", () => {
    take("weather/outside", '{"temp": 3}', true);
    expect(sink.reports.map(({ freshness }) => freshness)).toEqual(["retained", "retained"]);
  });

  test("that the broker repeats for somebody else is no news, also where a wildcard hears other topics", () => {
    const humidity = () => sink.reports.map(({ readings }) => readings.humidity);
    take("weather/garden", '{"hum": 40}', true);
    take("weather/roof", '{"hum": 50}');
    take("weather/garden", '{"hum": 40}', true);
    expect(humidity()).toEqual([40, 50]);
    intake.onOnline();
    take("weather/garden", '{"hum": 45}', true);
    expect(humidity()).toEqual([40, 50, 45]);
  });

  test("on another topic, or without anything for us, is no report", () => {
    take("elsewhere", "1");
    take("weather/outside", '{"wind": 3}');
    expect(sink.reports).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  test("tells whether the device is there", () => {
    take("weather/online", "1", true);
    take("weather/online", "0");
    take("weather/online", "perhaps");
    expect(sink.availabilities).toMatchObject([
      { device: "outside", status: "online" },
      { device: "outside", status: "offline" },
    ]);
    expect(log.lines.map(({ message }) => message)).toContain(
      'outside: refused a message: "perhaps" is neither "1" nor "0".',
    );
  });

  test("is an event when it happens, not when the broker repeats it", () => {
    take("weather/bell", "ring", true);
    take("weather/bell", "ring");
    expect(sink.events).toEqual([{ device: "outside", channel: "bell", event: { type: "ring" } }]);
  });

  test("with one bad value still says the others, and costs one line a minute", () => {
    vi.useFakeTimers();
    for (let n = 0; n < 100; n += 1) take("weather/outside", '{"temp": "warm", "hum": 45}');
    expect(sink.reports).toHaveLength(100);
    expect(sink.reports[0]).toMatchObject({ device: "outside", readings: { humidity: 45 } });
    expect(log.lines).toMatchObject([
      { level: "warn", fields: { device: "outside", channel: "temperature", topic: "weather/outside" } },
      { level: "warn", fields: { device: "inside" } },
    ]);
    vi.advanceTimersByTime(61_000);
    take("weather/outside", '{"temp": "hot"}');
    expect(log.lines.slice(2)).toMatchObject([
      { fields: { suppressed: 99 } },
      { fields: { suppressed: 99 } },
    ]);
  });

  test("is dropped past 64 KB, but for an image only past 2 MB", () => {
    take("notes/1", "x".repeat(64 * 1024));
    expect(Object.keys(sink.reports[0]?.readings ?? {})).toEqual(["note", "picture"]);
    take("notes/1", Buffer.alloc(600_000));
    expect(sink.reports[1]?.readings).toEqual({
      picture: { contentType: "application/octet-stream", size: 600_000 },
    });
    take("notes/1", Buffer.alloc(2 * 1024 * 1024 + 1));
    expect(sink.reports).toHaveLength(2);
    expect(log.lines.map(({ message }) => message)).toEqual([
      "outside: dropped a message of 600000 bytes; 65536 are the limit",
      "outside: dropped a message of 2097153 bytes; 2097152 are the limit",
    ]);
  });

  test.each([
    ["{", "is no JSON"],
    [`${"[".repeat(40)}${"]".repeat(40)}`, "nested more than 32 levels"],
    ['{"__proto__": {"temp": 1}}', 'the key "__proto__"'],
    ['{"temp": 1, "temp": 2}', "the same key twice"],
    [Buffer.from([0xff, 0xfe, 0x00]), "is no JSON"],
  ])("of %j is refused and harms nobody", (payload, reason) => {
    take("weather/outside", payload);
    expect(sink.reports).toEqual([]);
    expect(log.lines[0]?.message).toContain(reason);
  });
});
