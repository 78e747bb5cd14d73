import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";
import http from "../../../../adapters/http/index.js";
import { House } from "../../../../src/core/house.js";
import { buildApp } from "../../../../src/http/app.js";
import { Tokens } from "../../../../src/http/tokens.js";
import { aDevice } from "../../../support/fake-device.js";
import { MemoryStore } from "../../../support/memory-store.js";
import { RecordingLog } from "../../../support/recording-log.js";

export const token = "9wNXw3Wl5dC0Yz0yT6gTt4Wn8yDOQyrf8u2QmS1pRcE";
export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

const channels = {
  temperature: {
    value: { kind: "number", unit: "°C" },
    writable: false,
    address: { from: "hook", extract: "$.temperature" },
  },
  ring: {
    value: { kind: "event" },
    readable: false,
    writable: false,
    address: { from: "hook", extract: "$.ring" },
  },
} as const;

/** `board` is called with a token, `gate` with signatures. */
const hooks = { board: { name: "board", token }, gate: { name: "gate", hmac: secret } };

/** A house with webhooks behind the real server, and everything that it is told. */
export async function aCalledHouse() {
  const log = new RecordingLog();
  const house = new House({ epoch: 9, roleOf: () => "viewer", log });
  for (const [id, hook] of Object.entries(hooks)) {
    house.put(aDevice({ id, label: id, adapter: "web", address: { hook }, channels }));
  }
  house.carry("web", "http", (context) => http.create({}, context));
  await house.start();
  const told: string[] = [];
  house.on("state", ({ device, states }) => {
    for (const [channel, { value }] of states) told.push(`${device.id} ${channel} ${JSON.stringify(value)}`);
  });
  house.on("event", ({ device, event, id }) => told.push(`${device.id} ${id} ${JSON.stringify(event)}`));
  const app = buildApp({
    gateway: house,
    hooks: house.hooks,
    tokens: new Tokens(new MemoryStore()),
    host: "127.0.0.1",
    version: "1.2.3",
    jidOf: (id) => `${id}@iot.house.test`,
    readiness: () => ({ ready: true, links: [] }),
    log,
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  log.lines.length = 0;
  const { port } = app.server.address() as AddressInfo;
  onTestFinished(async () => {
    await app.close();
    await house.stop();
  });

  /** Sends these bytes and nothing else. Resolves with the status once the connection is closed, 0 without an answer. */
  async function raw(...parts: readonly (string | Uint8Array)[]): Promise<number> {
    const socket = connect(port, "127.0.0.1");
    const answer: Buffer[] = [];
    socket.on("data", (part: Buffer) => answer.push(part)).on("error", () => {});
    for (const part of parts) socket.write(part);
    await once(socket, "close");
    return Number(/^HTTP\/1\.1 (\d+)/.exec(Buffer.concat(answer).toString("latin1"))?.[1] ?? 0);
  }

  /** Headers are written as they are, bytes and all. */
  function post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
  ): Promise<number> {
    const bytes = Buffer.from(body);
    const lines = [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      "Connection: close",
      `Content-Length: ${bytes.length}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    return raw(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes);
  }

  return { house, app, url, log, told, raw, post };
}
