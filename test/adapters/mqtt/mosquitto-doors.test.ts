import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { startMosquitto, type TestMosquitto } from "../../support/mosquitto.js";
import { testProgram } from "../../support/packages.js";
import { testPort } from "../../support/ports.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";

const run = promisify(execFile);
const lamp = aDevice({
  channels: { power: { value: { kind: "switch" }, address: { command: "lamp/set", qos: 1 } } },
});

async function runTool(name: string, parameters: readonly string[]): Promise<void> {
  const { command, environment } = testProgram(name);
  await run(command, [...parameters], { env: { ...process.env, ...environment } });
}

describe("the doors of a real Mosquitto", () => {
  let directory: string;
  let broker: TestMosquitto;
  let url: string;
  const ends: (() => Promise<void>)[] = [];
  const file = (name: string) => join(directory, name);

  /** A key and a certificate for loopback, signed by `ca` or by itself. */
  async function certify(name: string, signer?: string): Promise<void> {
    const openssl = (...parameters: string[]) => runTool("openssl", parameters);
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      file(`${name}.key`),
    ];
    const subject = ["-subj", `/CN=${name}`];
    if (signer === undefined) {
      await openssl("req", "-x509", ...key, ...subject, "-days", "1", "-out", file(`${name}.pem`));
      return;
    }
    await openssl("req", ...key, ...subject, "-out", file(`${name}.csr`));
    await writeFile(file(`${name}.ext`), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    const signing = ["-CA", file(`${signer}.pem`), "-CAkey", file(`${signer}.key`), "-CAcreateserial"];
    const output = ["-days", "1", "-extfile", file(`${name}.ext`), "-out", file(`${name}.pem`)];
    await openssl("x509", "-req", "-in", file(`${name}.csr`), ...signing, ...output);
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "homeroster-mqtt-"));
    await certify("ca");
    await certify("broker", "ca");
    await certify("client", "ca");
    await certify("stranger");
    await runTool("mosquitto_passwd", ["-c", "-b", file("passwords"), "house", "secret"]);
    const port = await testPort();
    url = `mqtts://127.0.0.1:${port}`;
    broker = await startMosquitto({
      config: [
        "allow_anonymous false",
        `password_file ${file("passwords")}`,
        `listener ${port} 127.0.0.1`,
        `cafile ${file("ca.pem")}`,
        `certfile ${file("broker.pem")}`,
        `keyfile ${file("broker.key")}`,
        "require_certificate true",
      ],
    });
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  afterAll(async () => {
    await broker.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function anAdapter(settings: object) {
    const sink = new RecordingSink();
    const adapter = mqtt.create(settings, {
      name: "broker",
      devices: [lamp],
      sink,
      hooks: closedDoor,
      log: silentLog,
    });
    ends.push(() => adapter.stop());
    await adapter.start();
    return { adapter, sink };
  }

  const login = { username: "house", password: "secret" };
  const last = (sink: RecordingSink) => () => sink.links.at(-1);

  test.each(["3.1.1", 5])("open to the right password over MQTT %s", async (version) => {
    const { sink } = await anAdapter({ url: broker.url, ...login, version });
    await expect.poll(last(sink)).toEqual({ state: "online", detail: "" });
  });

  test.each(["3.1.1", 5])(
    "stay closed to a wrong password over MQTT %s, which the link says",
    async (version) => {
      const { sink } = await anAdapter({ url: broker.url, ...login, password: "wrong", version });
      await expect.poll(last(sink)).toEqual({
        state: "offline",
        detail: expect.stringMatching(
          /^the broker at 127\.0\.0\.1:\d+: it does not let us in; check `username` and `password`$/,
        ),
      });
    },
  );

  test("open to a client certificate, by files and by PEM text", async () => {
    const tls = { ca: file("ca.pem"), cert: file("client.pem"), key: file("client.key") };
    const { adapter, sink } = await anAdapter({ url, ...login, tls });
    await expect.poll(last(sink)).toEqual({ state: "online", detail: "" });
    const command = { id: "1", device: lamp.id, channel: "power", value: true };
    await adapter.send(command, new AbortController().signal);
  });

  test("stay closed without a client certificate", async () => {
    const { sink } = await anAdapter({ url, ...login, tls: { ca: file("ca.pem") } });
    await expect
      .poll(last(sink))
      .toMatchObject({ state: "offline", detail: expect.stringContaining("check `tls`") });
  });

  test.each([
    ["of an authority we do not know", () => ({}), "signed by an authority that is not known here"],
    [
      "of another authority",
      () => ({ ca: file("stranger.pem") }),
      "signed by an authority that is not known here",
    ],
  ])("are not entered with a certificate %s", async (_whose, tls, reason) => {
    const { sink } = await anAdapter({ url, ...login, tls: tls() });
    await expect
      .poll(last(sink))
      .toMatchObject({ state: "offline", detail: expect.stringContaining(reason) });
    expect(sink.links.at(-1)?.detail).toContain("check `tls`");
  });

  test("say that a plain connection met TLS", async () => {
    const { sink } = await anAdapter({ url: url.replace("mqtts", "mqtt"), ...login });
    await expect
      .poll(last(sink))
      .toMatchObject({ state: "offline", detail: expect.stringMatching(/it (cut|closed) the connection/) });
  });
});
