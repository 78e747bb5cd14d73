import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import mqtt, { type MqttClient } from "mqtt";
import { expect, onTestFinished, test } from "vitest";
import { type BrokerOptions, type EmbeddedBroker, startBroker } from "../../src/embedded/broker.js";
import { publish, subscribe } from "../support/mosquitto.js";
import { silentLog } from "../support/silent-log.js";
import { aDataDirectory } from "./data-directory.js";

async function aBroker(options: Partial<BrokerOptions> = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({
    host: "127.0.0.1",
    port: 0,
    dataDir: aDataDirectory(),
    log: silentLog,
    ...options,
  });
  onTestFinished(() => broker.stop());
  return broker;
}

async function aSocket(broker: EmbeddedBroker): Promise<Socket> {
  const socket = connect(broker.port, "127.0.0.1").on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

function closeOf(client: MqttClient): Promise<void> {
  client.on("error", () => {});
  return new Promise((resolve) => client.once("close", resolve));
}

/** MQTT 3.1.1 §3.1: CONNECT of client "a", clean session. */
const connectPacket = Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 60, 0, 1, 0x61]);

test("carries what real clients publish, at every QoS and retained", async () => {
  const { port } = await aBroker();
  await publish(port, ["-t", "lamp/kept", "-r", "-m", "kept"]);
  const subscriber = subscribe(port, ["-t", "lamp/#", "-q", "2"]);
  onTestFinished(() => subscriber.stop());
  await expect.poll(() => subscriber.lines).toEqual(["kept"]);
  for (const qos of ["0", "1", "2"]) await publish(port, ["-t", "lamp/state", "-q", qos, "-m", `qos ${qos}`]);
  await expect.poll(() => subscriber.lines).toEqual(["kept", "qos 0", "qos 1", "qos 2"]);
});

test("publishes the will of a client that is cut off", async () => {
  const broker = await aBroker();
  const watcher = await mqtt.connectAsync(broker.url);
  onTestFinished(() => watcher.endAsync(true));
  await watcher.subscribeAsync("will");
  const will = new Promise((resolve) =>
    watcher.once("message", (_topic, payload) => resolve(String(payload))),
  );
  const client = await mqtt.connectAsync(broker.url, {
    will: { topic: "will", payload: Buffer.from("gone") },
  });
  client.stream.destroy();
  expect(await will).toBe("gone");
  await client.endAsync(true);
});

test("lets in nobody but its users, where it has some", async () => {
  const { port } = await aBroker({ users: [{ name: "sensor", password: "right" }] });
  await publish(port, ["-t", "t", "-m", "1", "-u", "sensor", "-P", "right"]);
  for (const login of [
    [],
    ["-u", "sensor", "-P", "wrong"],
    ["-u", "sensor"],
    ["-u", "other", "-P", "right"],
    ["-u", "other", "-P", ""],
  ]) {
    await expect(publish(port, ["-t", "t", "-m", "1", ...login])).rejects.toThrow(
      /not authori[sz]ed|bad user/i,
    );
  }
});

test("knows the gateway itself, which no user has to be told of", async () => {
  const { url, login } = await aBroker({ users: [{ name: "sensor", password: "right" }] });
  const client = await mqtt.connectAsync(url, { ...login });
  onTestFinished(() => client.endAsync(true));
  expect(client.connected).toBe(true);
  expect((await aBroker()).login).toBeUndefined();
});

test("refuses to be open to the network without users", async () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.2"]) {
    await expect(aBroker({ host })).rejects.toMatchObject({ code: "config-invalid" });
  }
  const broker = await aBroker({ host: "0.0.0.0", users: [{ name: "sensor", password: "right" }] });
  expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
});

test("lives through what is no MQTT at all", async () => {
  const broker = await aBroker();
  const rubbish = [
    "GET / HTTP/1.1\r\n\r\n",
    Buffer.alloc(64, 0xff),
    Buffer.from([0x10, 2, 0, 0]),
    Buffer.from([0x32, 0]),
  ];
  for (const bytes of rubbish) {
    for (const before of [Buffer.alloc(0), connectPacket]) {
      const socket = await aSocket(broker);
      socket.write(Buffer.concat([before, Buffer.from(bytes)]));
      socket.resume();
      await once(socket, "close");
    }
  }
  await publish(broker.port, ["-t", "t", "-m", "alive"]);
});

test("cuts a client off that announces more than 2 MB, before it has sent it", async () => {
  const broker = await aBroker();
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  await client.publishAsync("image", Buffer.alloc(2 * 1024 * 1024 - 100), { qos: 1 });
  const closed = closeOf(client);
  client.publish("image", Buffer.alloc(2 * 1024 * 1024 + 1));
  await closed;
  await client.endAsync(true);

  const stranger = await aSocket(broker);
  // 64 KB and one byte, as the remaining length of a CONNECT.
  stranger.write(Buffer.from([0x10, 0x81, 0x80, 0x04]));
  stranger.resume();
  await once(stranger, "close");
});

test("keeps its port over a restart, and says so when a port it must have is taken", async () => {
  const dataDir = aDataDirectory();
  const options = { host: "127.0.0.1", dataDir, log: silentLog };
  const first = await startBroker(options);
  await first.stop();
  const second = await startBroker(options);
  expect(second.port).toBe(first.port);
  await second.stop();

  const intruder = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void intruder.close());
  await once(intruder, "listening");
  const address = intruder.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expect(aBroker({ port: port ?? 0 })).rejects.toThrow(`mqtt.listen: 127.0.0.1:${port}`);
});

test("stops although clients are connected", async () => {
  const broker = await startBroker({ host: "127.0.0.1", port: 0, dataDir: aDataDirectory(), log: silentLog });
  const silent = await aSocket(broker);
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  const closed = Promise.all([once(silent, "close"), closeOf(client)]);
  await broker.stop();
  await closed;
  await client.endAsync(true);
});
