import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../src/compose.js";
import { testPort } from "./support/ports.js";
import { RecordingLog } from "./support/recording-log.js";

/** With a server of its own that is away. */
async function aConfiguration() {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-compose-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const configFile = join(directory, "homeroster.yaml");
  const port = await testPort();
  await writeFile(
    configFile,
    `xmpp: { server: component, domain: iot.house.test, port: ${port}, secret: component-secret }
owners: [alice@house.test]
http: { listen: 127.0.0.1:0 }
mqtt: { listen: 127.0.0.1:0, users: [{ name: plug, password: plugged }] }
adapters: { broker: { kind: mqtt, url: embedded } }
`,
  );
  return { configFile, dataDir: directory, log: new RecordingLog(), lan: false };
}

test("runs while its server is away, and says what is up and what is not", async () => {
  const gateway = await startGateway({ ...(await aConfiguration()), signal: new AbortController().signal });
  onTestFinished(() => gateway.stop());
  await expect.poll(() => gateway.status().adapters).toMatchObject([{ name: "broker", state: "online" }]);
  expect(gateway.status()).toMatchObject({ ready: false, xmpp: { domain: "iot.house.test", c2sPort: null } });
  const answer = await fetch(`${gateway.status().http.url}/readyz`);
  expect(answer.status).toBe(503);
  // Who has no token is not told which hosts there are.
  const { links } = (await answer.json()) as { readonly links: readonly object[] };
  expect(links.map((link) => Object.keys(link))).toEqual([
    ["name", "state"],
    ["name", "state"],
  ]);
});

test("takes a type of one's own as soon as it is written, also when the device that names it came first", async () => {
  const options = await aConfiguration();
  const gateway = await startGateway({ ...options, signal: new AbortController().signal });
  onTestFinished(() => gateway.stop());
  await appendFile(options.configFile, "devices: { bell: { type: acme/bell } }\n");
  await expect.poll(() => gateway.status().config.problems, { timeout: 10_000 }).toHaveLength(1);
  const types = join(dirname(options.configFile), "devices", "acme");
  await mkdir(types, { recursive: true });
  await writeFile(
    join(types, "bell.yaml"),
    "label: Bell\nadapter: mqtt\nchannels: { ring: { value: switch, address: { state: bell } } }\n",
  );
  await expect.poll(() => gateway.status().devices.total, { timeout: 10_000 }).toBe(1);
  expect(gateway.status().config.problems).toEqual([]);
});

test("says that --lan is for the embedded server", async () => {
  const options = await aConfiguration();
  const gateway = await startGateway({ ...options, lan: true, signal: new AbortController().signal });
  await gateway.stop();
  expect(options.log.lines).toContainEqual({
    level: "warn",
    fields: {},
    message: "--lan is for the embedded server; with a server of your own it changes nothing",
  });
});

test("a start that is called off rejects and frees what was started", async () => {
  const options = await aConfiguration();
  await expect(startGateway({ ...options, signal: AbortSignal.abort() })).rejects.toThrow();
  expect((await readdir(options.dataDir)).sort()).toEqual(["admin-token", "homeroster.yaml", "state"]);
});
