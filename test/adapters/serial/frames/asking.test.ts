import { afterEach, describe, expect, test } from "vitest";
import { aDevice } from "../../../support/fake-device.js";
import { aLine } from "./a-line.js";

const never = () => new AbortController().signal;
const patient = { timeout: 15_000 };

const weight = { kind: "number", unit: "kg" } as const;

describe("devices on a line that are asked", () => {
  let stop = async () => {};
  afterEach(() => stop());

  async function anOpenLine(...given: Parameters<typeof aLine>) {
    const line = await aLine(...given);
    stop = line.stop;
    await line.adapter.start();
    await expect.poll(() => line.sink.state, patient).toBe("online");
    return line;
  }

  function aScale(poll: object, address: object = {}) {
    return aDevice({
      id: "scale",
      address: { poll: { send: "W?\n", ...poll } },
      channels: {
        weight: { value: weight, address: { match: "^W=(?<value>[0-9.]+)$", ...address } },
      },
    });
  }

  test("are asked again and again, and their answers are reports", async () => {
    const { far, values } = await anOpenLine([aScale({ every: "100ms" })]);
    await expect.poll(() => far.received, patient).toMatch(/^W\?\n/);
    await far.say("W=1.5\n");
    await expect.poll(values, patient).toEqual([{ weight: 1.5 }]);
    await expect.poll(() => far.received.split("\n").length, patient).toBeGreaterThan(2);
    expect(far.received.replaceAll("W?\n", "")).toBe("");
  });

  test("are offline after three answers that did not come, and back with the next", async () => {
    const { far, sink, values } = await anOpenLine([aScale({ every: "100ms", timeout: "20ms", retries: 0 })]);
    await expect.poll(() => sink.availabilities, patient).toHaveLength(1);
    expect(sink.availabilities[0]).toMatchObject({
      device: "scale",
      status: "offline",
      why: { detail: "communication-error", text: "It does not answer." },
    });
    await far.say("W=2\n");
    await expect.poll(() => sink.availabilities.at(-1)?.status, patient).toBe("online");
    expect(values()).toEqual([{ weight: 2 }]);
  });

  test("are asked once for what several of them want", async () => {
    const [one, two] = ["one", "two"].map((id) =>
      aDevice({
        id,
        address: { poll: { send: "ALL?\n", every: "1h", retries: 0 } },
        channels: { weight: { value: weight, address: { match: `^${id}=(.*)$` } } },
      }),
    );
    if (one === undefined || two === undefined) throw new Error("there are two");
    const { far, sink } = await anOpenLine([one, two]);
    await expect.poll(() => far.received, patient).toBe("ALL?\n");
    await far.say("one=1\ntwo=2\n");
    await expect.poll(() => sink.reports.map(({ device }) => device), patient).toEqual(["one", "two"]);
    expect(far.received).toBe("ALL?\n");
  });

  test("are asked soon after a command, which confirms it", async () => {
    const scale = aScale({ every: "1h", retries: 0 }, { send: "SET={value}\n" });
    const { adapter, far, values } = await anOpenLine([scale]);
    await expect.poll(() => far.received, patient).toBe("W?\n");
    await far.say("W=1\n");
    await expect.poll(values, patient).toEqual([{ weight: 1 }]);
    await adapter.send({ id: "1", device: "scale", channel: "weight", value: 3 }, never());
    await expect.poll(() => far.received, patient).toMatch(/^W\?\nSET=3\nW\?\n/);
    await far.say("W=3\n");
    await expect.poll(values, patient).toEqual([{ weight: 1 }, { weight: 3 }]);
  });

  test("never have two questions on the line: a command waits for the answer, and goes before the next question", async () => {
    const scale = aScale({ every: "100ms", timeout: "10s" });
    const tare = aDevice({
      id: "tare",
      address: {},
      channels: { now: { value: { kind: "button" }, address: { send: "TARE\n" } } },
    });
    const { adapter, far } = await anOpenLine([scale, tare]);
    await expect.poll(() => far.received, patient).toBe("W?\n");
    const sent = adapter.send({ id: "1", device: "tare", channel: "now", value: "press" }, never());
    await far.say("W=1\n");
    await sent;
    await expect.poll(() => far.received, patient).toMatch(/^W\?\nTARE\nW\?\n/);
  });

  test("go on undisturbed when others come and go, and the port stays open", async () => {
    const scale = aScale({ every: "1h", retries: 0 });
    const other = aDevice({
      id: "other",
      address: {},
      channels: { level: { value: { kind: "number" }, address: { match: "^L=(.*)$" } } },
    });
    const { adapter, far, sink, values } = await anOpenLine([scale]);
    await expect.poll(() => far.received, patient).toBe("W?\n");
    await far.say("W=");
    adapter.carry([scale, other]);
    await far.say("1\nL=7\n");
    await expect.poll(values, patient).toEqual([{ weight: 1 }, { level: 7 }]);
    adapter.carry([scale]);
    await far.say("L=8\nW=2\n");
    await expect.poll(values, patient).toEqual([{ weight: 1 }, { level: 7 }, { weight: 2 }]);
    expect(far.received).toBe("W?\n");
    expect(sink.links.map(({ state }) => state)).toEqual(["connecting", "online"]);
  });
});

describe("devices on a line that speak by themselves", () => {
  let stop = async () => {};
  afterEach(() => stop());

  test("are offline after three times their interval in silence, and back with the next word", async () => {
    const line = await aLine([
      aDevice({
        id: "sensor",
        address: { every: "100ms" },
        channels: { level: { value: { kind: "number" }, address: { key: "L" } } },
      }),
    ]);
    stop = line.stop;
    await line.adapter.start();
    await expect.poll(() => line.sink.availabilities, patient).toHaveLength(1);
    expect(line.sink.availabilities[0]?.why?.text).toBe("Nothing was heard for 0.3 s.");
    await line.far.say("L=1\n");
    await expect.poll(() => line.values(), patient).toEqual([{ level: 1 }]);
    expect(line.sink.availabilities[1]).toEqual({ device: "sensor", status: "online" });
  });

  test("share a line, and each hears only what is its own", async () => {
    const remote = (id: string, unit: string) =>
      aDevice({
        id,
        address: { match: `;Kaku;ID=${unit};` },
        channels: {
          power: {
            value: { kind: "switch" },
            address: { key: "CMD", on: "ON", off: "OFF", send: `10;Kaku;${unit};1;{value};\n` },
          },
        },
      });
    const line = await aLine([remote("hall", "004d"), remote("attic", "004e")]);
    stop = line.stop;
    await line.adapter.start();
    await expect.poll(() => line.sink.state, patient).toBe("online");
    await line.far.say("20;2D;Kaku;ID=004d;SWITCH=1;CMD=ON;\r\n20;2E;Kaku;ID=004e;SWITCH=1;CMD=OFF;\r\n");
    await expect
      .poll(() => line.sink.reports.map(({ device, readings }) => [device, readings]), patient)
      .toEqual([
        ["hall", { power: true }],
        ["attic", { power: false }],
      ]);
    await line.adapter.send({ id: "1", device: "hall", channel: "power", value: true }, never());
    await expect.poll(() => line.far.received, patient).toBe("10;Kaku;004d;1;ON;\n");
  });
});
