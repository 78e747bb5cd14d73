import serial from "../../../../adapters/serial/index.js";
import { describeAdapter } from "../../../support/adapter-suite.js";
import { openLineEnd } from "../../../support/line-end.js";
import { openPty, servePort, type TestPty } from "../../../support/pty.js";
import { boiler } from "./a-line.js";

const pump = (value: boolean) => ({ id: "1", device: "boiler", channel: "pump", value });

const owed = {
  factory: serial,
  device: boiler,
  commands: [pump(true), pump(false)],
  reading: { channel: "pressure", values: [1.5, 1.75] },
  wrongSettings: { path: "COM1" },
  wrongDevice: { address: {}, channels: { pump: { value: { kind: "switch" }, address: { match: "(" } } } },
} as const;

const noise = Buffer.concat([
  Buffer.alloc(900_000, "\xff\x00P=PUMP\n", "latin1"),
  Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)),
  Buffer.from("\nP=\nP=x\nP=1.5.5\n\nPUMP=2\nP=1"),
  Buffer.alloc(100_000, "P=1"),
  Buffer.from("\n"),
]);

/** What a boiler at the far end hears and says. */
function aBoiler(pty: TestPty) {
  let far = openLineEnd(pty.far);
  let before = "";
  return {
    get received() {
      return `${before}${far.received}`.match(/PUMP=[01]\n/g) ?? [];
    },
    say: (...values: readonly unknown[]) => far.say(values.map((value) => `P=${value}\n`).join("")),
    babble: () => far.say(noise),
    stall: () => far.freeze(),
    resume: () => far.thaw(),
    unplug: async () => {
      before += far.received;
      await pty.pull();
      await far.stop();
    },
    plug: async () => {
      await pty.plug();
      far = openLineEnd(pty.far);
    },
    close: async () => {
      await far.stop();
      await pty.close();
    },
  };
}

describeAdapter("Messages on a serial port", {
  ...owed,
  openWorld: async () => {
    const pty = await openPty();
    const far = aBoiler(pty);
    return Object.assign(far, { settings: { path: pty.port }, lose: far.unplug, find: far.plug });
  },
});

describeAdapter("Messages over a port server", {
  ...owed,
  openWorld: async () => {
    const pty = await openPty();
    const far = aBoiler(pty);
    const { close } = far;
    const server = await servePort(pty.port);
    return Object.assign(far, {
      settings: { path: `tcp://127.0.0.1:${server.port}` },
      lose: () => server.stop(),
      find: () => server.start(),
      close: async () => {
        await server.stop();
        await close();
      },
    });
  },
});
