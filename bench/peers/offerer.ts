// The devices: offers states to the broker at a given rate, and obeys commands. Started with {mqttPort} in JSON; each message
// {rate, devices, seconds} is a run, answered with what was sent in all and the last stamp of each device.
import { once } from "node:events";
import { createConnection } from "node:net";
import { connectAsync } from "mqtt";
import { microseconds, pause } from "../clock.js";
import { commandFilter, deviceIn, statePayload, stateTopic } from "../house.js";

export interface Offer {
  /** Messages a second, of all devices together. */
  readonly rate: number;
  readonly devices: number;
  readonly seconds: number;
}

export interface Offered {
  readonly sent: number;
  /** By the device's number. */
  readonly last: readonly number[];
}

const { mqttPort } = JSON.parse(process.argv[2] ?? "") as { mqttPort: number };
const obeying = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`);
obeying.on("message", (topic, payload) => {
  const answer = statePayload(microseconds(), payload.toString() === "ON");
  obeying.publish(stateTopic(deviceIn(topic)), answer);
});
await obeying.subscribeAsync(commandFilter);

// Packets are written by hand, all that are due in one piece: what offers must cost less than what is measured.
const socket = createConnection(mqttPort, "127.0.0.1").setNoDelay(true);
await once(socket, "connect");
socket.write(Buffer.from([0x10, 17, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 5, ...Buffer.from("offer")]));
await once(socket, "data");

process.on("message", (offer: Offer) => void run(offer).then((offered) => process.send?.(offered)));
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function run({ rate, devices, seconds }: Offer): Promise<Offered> {
  const last = new Array<number>(devices).fill(0);
  const begin = microseconds();
  const end = begin + seconds * 1e6;
  let sent = 0;
  for (let now = begin; now < end; now = microseconds()) {
    const due = Math.floor(((now - begin) / 1e6) * rate);
    const packets: Buffer[] = [];
    for (; sent < due; sent += 1) {
      const device = sent % devices;
      last[device] = now;
      packets.push(publishPacket(stateTopic(device), statePayload(now)));
    }
    if (packets.length > 0 && !socket.write(Buffer.concat(packets))) await once(socket, "drain");
    else await pause(1);
  }
  return { sent, last };
}

/** PUBLISH at QoS 0 (MQTT 3.1.1 §3.3). */
function publishPacket(topic: string, payload: string): Buffer {
  const length = 2 + topic.length + payload.length;
  const size = length < 128 ? [length] : [(length % 128) | 0x80, length >> 7];
  const head = Buffer.from([0x30, ...size, topic.length >> 8, topic.length & 0xff]);
  return Buffer.concat([head, Buffer.from(topic + payload)]);
}
