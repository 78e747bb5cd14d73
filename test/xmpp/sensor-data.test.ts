import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventData, sensorData } from "../../src/xmpp/sensor-data.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const thing = aDevice({
  id: "thing",
  label: "Thing",
  channels: {
    power: { value: { kind: "switch" } },
    door: { value: { kind: "contact" }, writable: false },
    level: { value: { kind: "level" } },
    temperature: { value: { kind: "number", unit: "°C" }, writable: false },
    mode: { value: { kind: "choice", options: ["eco", "comfort"] } },
    lock: { value: { kind: "lock" } },
    until: { value: { kind: "datetime" }, writable: false },
    place: { value: { kind: "location" }, writable: false },
    note: { value: { kind: "text" }, writable: false },
    color: { value: { kind: "color" } },
  },
});

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
afterEach(() => vi.useRealTimers());

function payload(
  readings: Readonly<Record<string, unknown>>,
  after: (parts: ReturnType<typeof aHouse>) => void = () => {},
) {
  const parts = aHouse(thing);
  parts.sink.report("thing", readings);
  after(parts);
  const view = parts.house.device("alice", "thing");
  if (view === undefined) throw new Error("no thing");
  return sensorData(view, parts.house.epoch).toString();
}

const stamp = (fields: string, seq: number) =>
  `<resp xmlns="urn:nf:iot:sd:1.0" id="3-${seq}"><ts v="2026-11-22T08:00:00Z">${fields}</ts></resp>`;

test.each([
  [{ power: true }, '<b n="power" v="true" m="true" ar="true" ctr="true"/>'],
  [{ door: "closed" }, '<b n="door" v="false" m="true" ar="true"/>'],
  [{ level: 40 }, '<q n="level" v="40" u="%" m="true" ar="true" ctr="true"/>'],
  [{ temperature: "21.4" }, '<q n="temperature" v="21.4" u="°C" m="true" ar="true"/>'],
  [{ mode: "eco" }, '<e n="mode" v="eco" t="mode" m="true" ar="true" ctr="true"/>'],
  [{ lock: "jammed" }, '<e n="lock" v="jammed" t="lock" m="true" ar="true" ctr="true"/>'],
  [{ until: "2026-11-22T10:00:00+01:00" }, '<dt n="until" v="2026-11-22T09:00:00Z" m="true" ar="true"/>'],
  [
    { place: { lat: 52.5, lon: 13.4 } },
    '<q n="place.lat" v="52.5" u="°" m="true" ar="true"/><q n="place.lon" v="13.4" u="°" m="true" ar="true"/>',
  ],
  [{ note: "a < b" }, '<s n="note" v="a &lt; b" m="true" ar="true"/>'],
  [{ color: "#FF8800" }, '<s n="color" v="#ff8800" m="true" ar="true" ctr="true"/>'],
])("writes %j", (readings, field) => {
  expect(payload(readings)).toBe(stamp(field, 2));
});

test("leaves out what is unknown", () => {
  expect(payload({})).toBe('<resp xmlns="urn:nf:iot:sd:1.0" id="3-0"/>');
});

test("has one ts for each time of observation, and the newest sequence", () => {
  const xml = payload({ power: true, level: 4 }, ({ sink }) => {
    vi.advanceTimersByTime(1500);
    sink.report("thing", { level: 5 });
  });
  expect(xml.match(/<ts v="[^"]+">/g)).toEqual([
    '<ts v="2026-11-22T08:00:00Z">',
    '<ts v="2026-11-22T08:00:01.500Z">',
  ]);
  expect(xml).toContain('id="3-5"');
});

test("marks stale fields with w, unavailable ones with er and an err", () => {
  expect(payload({}, ({ sink }) => sink.report("thing", { power: true }, "retained"))).toContain(
    'ctr="true" w="true"/>',
  );
  const gone = payload({ power: true }, ({ sink }) =>
    sink.availability("thing", "offline", { detail: "communication-error", text: "No answer." }),
  );
  expect(gone).toContain(
    '<b n="power" v="true" m="true" ar="true" ctr="true" er="true"/><err>No answer.</err>',
  );
});

test("writes an event with its type", () => {
  expect(eventData("bell", "ring", Date.now()).toString()).toBe(
    '<resp xmlns="urn:nf:iot:sd:1.0"><ts v="2026-11-22T08:00:00Z"><e n="bell" t="event" v="ring" m="true"/></ts></resp>',
  );
});

test("cuts a text that would not fit a stanza", () => {
  const xml = payload({ note: "x".repeat(60_000) });
  expect(xml.length).toBeLessThan(17_000);
  expect(xml).toContain("…");
});

test("shares what a stanza holds between many long texts, whatever they are written with", () => {
  const { house, sink } = aHouse(
    aDevice({
      channels: Object.fromEntries(
        Array.from({ length: 12 }, (_, n) => [`note-${n}`, { value: { kind: "text" }, writable: false }]),
      ),
    }),
  );
  const notes = Array.from({ length: 12 }, (_, n) => [`note-${n}`, '"'.repeat(20_000)]);
  sink.report("kitchen-lamp", Object.fromEntries(notes));
  const view = house.device("alice", "kitchen-lamp");
  if (view === undefined) throw new Error("no lamp");
  expect(Buffer.byteLength(sensorData(view, 1).toString())).toBeLessThan(150 * 1024);
});

test("cuts what is no type of an event", () => {
  expect(eventData("bell", "&".repeat(60_000), 0).toString().length).toBeLessThan(2_000);
});
