import mqtt from "../../../adapters/mqtt/index.js";
import { aDevice } from "../../support/fake-device.js";
import { describeHardship } from "../../support/hardship-suite.js";
import { startMosquitto } from "../../support/mosquitto.js";

const turn = (value: boolean) => ({ id: "1", device: "kitchen-lamp", channel: "power", value });
const nonsense = "?".repeat(10_000);

describeHardship("MQTT with a real Mosquitto", {
  factory: mqtt,
  device: aDevice({
    channels: {
      power: { value: { kind: "switch" }, address: { state: "lamp", command: "lamp/set", qos: 1 } },
    },
  }),
  commands: [turn(true), turn(false)],
  readings: { power: true },
  openWorld: async () => {
    const broker = await startMosquitto({ isVerbose: false });
    const listener = broker.sub(["-t", "lamp/set", "-q", "1"]);
    await listener.ready;
    const say = (payload: string, times: number) =>
      broker.pub(["-t", "lamp", "-m", payload, "-q", "1", "--repeat", String(times)]);
    return {
      settings: { url: broker.url },
      received: listener.lines,
      stall: async () => {
        broker.signal("SIGSTOP");
        return () => broker.signal("SIGCONT");
      },
      babble: () => say(nonsense, 100),
      say: () => say("ON", 1),
      flood: () => say("ON", 500),
      close: async () => {
        await Promise.all([listener.stop(), broker.stop()]);
      },
    };
  },
});
