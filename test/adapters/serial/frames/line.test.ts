import { afterEach, describe, expect, test, vi } from "vitest";
import serial from "../../../../adapters/serial/index.js";
import { closedDoor } from "../../../support/closed-door.js";
import { aDevice } from "../../../support/fake-device.js";
import { openLineEnd } from "../../../support/line-end.js";
import { openPortServer } from "../../../support/pty.js";
import { RecordingSink } from "../../../support/recording-sink.js";
import { silentLog } from "../../../support/silent-log.js";
import { aLine, boiler } from "./a-line.js";

const never = new AbortController().signal;
const patient = { timeout: 15_000 };
const pumpOn = { id: "1", device: "boiler", channel: "pump", value: true };

describe("messages on a serial port", () => {
  let stop = async () => {};
  afterEach(() => stop());

  async function anOpenLine(...given: Parameters<typeof aLine>) {
    const line = await aLine(...given);
    stop = line.stop;
    await line.adapter.start();
    await expect.poll(() => line.sink.state, patient).toBe("online");
    return line;
  }

  test("a command leaves as exactly what the configuration says, and the answer is a report", async () => {
    const { adapter, far, values } = await anOpenLine([boiler]);
    await adapter.send(pumpOn, never);
    await expect.poll(() => far.received).toBe("PUMP=1\n");
    await far.say("PUMP=1\r\nP=1.");
    await far.say("5\nP=x\n");
    await expect.poll(values).toEqual([{ pump: true }, { pressure: 1.5 }]);
  });

  test("a text that would be one more command is refused, and nothing leaves", async () => {
    const display = aDevice({
      id: "display",
      address: {},
      channels: { text: { value: { kind: "text" }, address: { send: "SHOW={value}\n" } } },
    });
    const { adapter, far } = await anOpenLine([display]);
    const show = { id: "1", device: "display", channel: "text" };
    await expect(adapter.send({ ...show, value: "hi\nUNLOCK=1" }, never)).rejects.toMatchObject({
      code: "value-invalid",
    });
    await adapter.send({ ...show, value: "hi" }, never);
    await expect.poll(() => far.received).toBe("SHOW=hi\n");
  });

  test.each([
    ["latin1", "21 \xb0C", "21 °C", "\xfc\n"],
    ["windows-1251", "\xe2\xea\xeb", "вкл", undefined],
    ["cp437", "21 \xf8C", "21 °C", "\x81\n"],
    ["utf8", "21 \xc2\xb0C", "21 °C", "\xc3\xbc\n"],
  ])(
    "texts are read and written in %s, and what it lacks is refused",
    async (encoding, said, read, written) => {
      const display = aDevice({
        id: "display",
        address: {},
        channels: { text: { value: { kind: "text" }, address: { match: "^(.*)$", send: "{value}\n" } } },
      });
      const { adapter, far, values } = await anOpenLine([display], { encoding });
      await far.say(Buffer.from(`\n${said}\n`, "latin1"));
      await expect.poll(values, patient).toEqual([{ text: read }]);
      const sent = adapter.send({ id: "1", device: "display", channel: "text", value: "ü" }, never);
      if (written === undefined) {
        await expect(sent).rejects.toMatchObject({ code: "value-invalid" });
        return expect(far.received).toBe("");
      }
      await sent;
      await expect.poll(() => far.received, patient).toBe(written);
    },
  );

  test("a command carries the check of the line", async () => {
    const relay = aDevice({
      id: "relay",
      address: {},
      channels: {
        power: { value: { kind: "switch" }, address: { on: 1, off: 0, send: "R={value}*{checksum}\n" } },
        pulse: { value: { kind: "button" }, address: { press: "7f", send: { hex: "aa {value} ff" } } },
      },
    });
    const { adapter, far } = await anOpenLine([relay], { checksum: { kind: "xor8", marker: "*" } });
    await adapter.send({ id: "1", device: "relay", channel: "power", value: true }, never);
    // 52 xor 3D xor 31
    await expect.poll(() => far.received).toBe("R=1*5E\n");
    await adapter.send({ id: "2", device: "relay", channel: "pulse", value: "press" }, never);
    await expect.poll(() => far.received.slice(7)).toBe("\xaa\x7f\xff");
  });

  test("a megabyte of noise and a hundred kilobytes without an end cost nothing but themselves", async () => {
    const { far, values, log } = await anOpenLine([boiler]);
    const noise = Buffer.alloc(1_000_000, "\xff\x00P=PUMP");
    await far.say(noise);
    await far.say("\n");
    await far.say(Buffer.alloc(100_000, "P"));
    await far.say("\nP=1.7\n");
    await expect.poll(values, patient).toEqual([{ pressure: 1.7 }]);
    expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  test("half a message is none, wherever the cable was pulled", async () => {
    const { adapter, pty, far, sink, values } = await anOpenLine([boiler]);
    await far.say("P=1.5\nP=2.");
    await expect.poll(values).toEqual([{ pressure: 1.5 }]);
    await pty.pull();
    await far.stop();
    await expect.poll(() => sink.state, patient).toBe("offline");
    expect(sink.links.at(-1)?.detail).toContain(pty.port);
    await pty.plug();
    const again = openLineEnd(pty.far);
    await expect.poll(() => sink.state, patient).toBe("online");
    await again.say("7\nP=1.8\n");
    await expect.poll(values).toEqual([{ pressure: 1.5 }, { pressure: 1.8 }]);
    await adapter.stop();
    await again.stop();
  });

  test("a port that another program has is said to be, and taken when it is free", async () => {
    const { pty, adapter } = await anOpenLine([boiler]);
    const sink = new RecordingSink();
    const second = serial.create(
      { path: pty.port },
      { name: "second", devices: [], sink, hooks: closedDoor, log: silentLog },
    );
    await second.start();
    await expect.poll(() => sink.state, patient).toBe("offline");
    expect(sink.links.at(-1)?.detail).toBe(`${pty.port}: another program has it`);
    await adapter.stop();
    await expect.poll(() => sink.state, patient).toBe("online");
    await second.stop();
  });

  test("a write that the port does not take fails, and what is left of it never comes out", async () => {
    const text = aDevice({
      id: "display",
      address: {},
      channels: { text: { value: { kind: "text" }, address: { send: "{value}\n" } } },
    });
    const { adapter, far, sink, pty } = await anOpenLine([text]);
    far.freeze();
    const show = { id: "1", device: "display", channel: "text" };
    const outcomes: string[] = [];
    // Until the buffers of the terminals and of the program between them are full.
    for (let count = 0; count < 400 && outcomes.length === 0; count += 1) {
      await adapter.send({ ...show, value: "x".repeat(1000) }, never).catch((error) => {
        outcomes.push(`${error.code} ${error.message}`);
      });
    }
    expect(outcomes).toEqual([
      "adapter-failed The port did not take it within 2 s. Part of it may have happened.",
    ]);
    await expect.poll(() => sink.links.map(({ state }) => state)).toContain("offline");
    expect(sink.links.find(({ state }) => state === "offline")?.detail).toContain(pty.port);
    await expect.poll(() => sink.state, patient).toBe("online");
    far.thaw();
    await adapter.send({ ...show, value: "end" }, never);
    await expect
      .poll(() => far.received.endsWith("\nend\n") || far.received.endsWith("xend\n"), patient)
      .toBe(true);
  });

  test("speaks over a port server as over a port of its own", async () => {
    const server = await openPortServer();
    const sink = new RecordingSink();
    const adapter = serial.create(
      { path: `tcp://127.0.0.1:${server.port}` },
      { name: "line", devices: [boiler], sink, hooks: closedDoor, log: silentLog },
    );
    await adapter.start();
    await expect.poll(() => sink.state, patient).toBe("online");
    const far = await vi.waitFor(() => openLineEnd(server.far), patient);
    await adapter.send(pumpOn, never);
    await expect.poll(() => far.received, patient).toBe("PUMP=1\n");
    await far.say("P=1.5\n");
    await expect.poll(() => sink.reports.map(({ readings }) => readings)).toEqual([{ pressure: 1.5 }]);
    await adapter.stop();
    await far.stop();
    await server.close();
  });
});
