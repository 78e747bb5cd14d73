import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";
import { TestBroker } from "./test-broker.js";

// CONNACK, accepted (MQTT 3.1.1 §3.2).
const welcome = Buffer.from([0x20, 2, 0, 0]);
const never = new AbortController().signal;

describe("a command whose broker fails", () => {
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    vi.useRealTimers();
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** A device that only takes commands: nothing is subscribed, so that a broker needs to say no more than welcome. */
  async function aSender(url: string, qos = 0) {
    const device = aDevice({
      channels: { say: { value: { kind: "text" }, address: { command: "say", qos } } },
    });
    const sink = new RecordingSink();
    const adapter = mqtt.create(
      { url },
      { name: "broker", devices: [device], sink, hooks: closedDoor, log: silentLog },
    );
    ends.push(() => adapter.stop());
    await adapter.start();
    const send = (value: string, signal = never) =>
      adapter.send({ id: value.slice(0, 8), device: device.id, channel: "say", value }, signal);
    return { send, sink };
  }

  /** A server that welcomes clients, keeps what they write, and reads no further when told. */
  async function aRawBroker() {
    const sockets: Socket[] = [];
    const received: Buffer[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      socket.once("data", () => socket.write(welcome));
      socket.on("data", (chunk) => received.push(chunk));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    return {
      url: `mqtt://127.0.0.1:${port}`,
      sockets,
      text: () => Buffer.concat(received).toString("latin1"),
    };
  }

  test.each([1, 2])("between PUBLISH and its acknowledgement at QoS %i is not sent again", async (qos) => {
    const arrived: string[] = [];
    let isDeaf = true;
    const broker = await TestBroker.open({
      authorizePublish: (_client, { payload }, done) => {
        arrived.push(payload.toString());
        if (!isDeaf) done(null);
      },
    });
    ends.push(() => broker.stop());
    const { send, sink } = await aSender(broker.url, qos);
    await expect.poll(() => sink.state).toBe("online");

    const lost = expect(send("first")).rejects.toMatchObject({
      code: "adapter-failed",
      message: expect.stringContaining("lost before it took the command"),
    });
    await expect.poll(() => arrived).toEqual(["first"]);
    await broker.stop();
    await lost;

    isDeaf = false;
    await broker.start();
    await expect.poll(() => sink.state).toBe("online");
    await send("second");
    expect(arrived).toEqual(["first", "second"]);
  });

  test("that is not acknowledged in time fails, and the link stays", async () => {
    const arrived: string[] = [];
    const broker = await TestBroker.open({
      authorizePublish: (_client, { payload }) => void arrived.push(payload.toString()),
    });
    ends.push(() => broker.stop());
    const { send, sink } = await aSender(broker.url, 1);
    await expect.poll(() => sink.state).toBe("online");
    const abort = new AbortController();
    const sent = send("on", abort.signal);
    const refused = expect(sent).rejects.toMatchObject({
      code: "adapter-failed",
      message: expect.stringContaining("in time"),
    });
    await expect.poll(() => arrived).toEqual(["on"]);
    abort.abort();
    await refused;
    expect(sink.state).toBe("online");
  });

  test("that still waits in this process when it is cancelled never leaves", async () => {
    const broker = await aRawBroker();
    const { send, sink } = await aSender(broker.url);
    await expect.poll(() => sink.state).toBe("online");
    const [socket] = broker.sockets;
    socket?.pause();

    // Far more than the kernel takes for a peer that does not read.
    const filler = Array.from({ length: 400 }, () =>
      send("x".repeat(60_000), new AbortController().signal).catch(() => {}),
    );
    const abort = new AbortController();
    const sent = send("the last word", abort.signal);
    const isLeft = await Promise.race([
      sent.then(() => true),
      new Promise((resolve) => setImmediate(resolve, false)),
    ]);
    expect(isLeft).toBe(false);
    abort.abort();
    await expect(sent).rejects.toMatchObject({ code: "adapter-failed" });
    await expect.poll(() => sink.links.at(-1)?.detail).toContain("it stopped reading");

    const closed = socket === undefined ? undefined : once(socket, "close");
    socket?.resume();
    await closed;
    await Promise.all(filler);
    expect(broker.text()).toContain("xxx");
    expect(broker.text()).not.toContain("the last word");
  });

  test("never meets a broker that accepts and says nothing: the link is given up after 10 s", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const server = createServer((socket) => void socket.on("error", () => {}));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ends.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, "connection");
    const { send, sink } = await aSender(`mqtt://127.0.0.1:${port}`);
    const [socket] = await accepted;
    await vi.advanceTimersByTimeAsync(9_999);
    expect(sink.state).toBe("connecting");
    await vi.advanceTimersByTimeAsync(1);
    await expect.poll(() => sink.state).toBe("offline");
    await expect(send("hello")).rejects.toMatchObject({ code: "device-offline" });
    socket.destroy();
  });
});
