import mqtt from "../../../adapters/mqtt/index.js";
import { describeAdapter } from "../../support/adapter-suite.js";
import { aDevice } from "../../support/fake-device.js";
import { startMosquitto } from "../../support/mosquitto.js";
import { TestBroker } from "./test-broker.js";

const device = aDevice({
  channels: { power: { value: { kind: "switch" }, address: { state: "lamp", command: "lamp/set", qos: 1 } } },
});
const turn = (value: boolean) => ({ id: "1", device: device.id, channel: "power", value });

const owed = {
  factory: mqtt,
  device,
  commands: [turn(true), turn(false)],
  reading: { channel: "power", values: [true, false] },
  wrongSettings: { url: "broker" },
  wrongDevice: { address: undefined, channels: { power: { value: { kind: "switch" }, address: {} } } },
} as const;

const spelled = (value: unknown) => (value === true ? "ON" : "OFF");
const nonsense = ["maybe", "ONOFF", "?".repeat(10_000), "\0\uFFFD"];
const babble = Array.from({ length: 100 }, () => nonsense).flat();

describeAdapter("MQTT", {
  ...owed,
  openWorld: async () => {
    const broker = await TestBroker.open();
    const publish = async (payloads: readonly (string | Buffer)[]) => {
      for (const payload of payloads) await broker.publish("lamp", payload);
    };
    return {
      settings: { url: broker.url },
      received: broker.published,
      lose: () => broker.stop(),
      find: () => broker.start(),
      stall: () => broker.pause(),
      resume: () => broker.resume(),
      say: (...values) => publish(values.map(spelled)),
      babble: () => publish([...babble, "", Buffer.from([0xff, 0xfe])]),
      close: () => broker.stop(),
    };
  },
});

describeAdapter("MQTT with a real Mosquitto", {
  ...owed,
  openWorld: async () => {
    const broker = await startMosquitto({ isVerbose: false });
    const received: string[] = [];
    const listen = async () => {
      const listener = broker.sub(["-t", "lamp/set", "-q", "1"]);
      await listener.ready;
      return listener;
    };
    let listener = await listen();
    const publish = (payloads: readonly string[]) =>
      broker.pub(["-t", "lamp", "-q", "1", "-l"], `${payloads.join("\n")}\n`);
    return {
      settings: { url: broker.url },
      get received() {
        return [...received, ...listener.lines];
      },
      lose: async () => {
        received.push(...listener.lines);
        await listener.stop();
        await broker.kill();
      },
      find: async () => {
        await broker.restart();
        listener = await listen();
      },
      stall: () => broker.signal("SIGSTOP"),
      resume: () => broker.signal("SIGCONT"),
      say: (...values) => publish(values.map(spelled)),
      babble: () => publish(babble),
      close: async () => {
        await Promise.all([listener.stop(), broker.stop()]);
      },
    };
  },
});
