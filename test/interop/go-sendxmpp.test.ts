import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEjabberd, type TestEjabberd } from "../support/ejabberd.js";
import { GatewayProcess } from "../support/gateway-process.js";
import { interopPackageDirectory, testProgram } from "../support/packages.js";
import { runServer, type ServerProcess } from "../support/server-process.js";

let server: TestEjabberd;
let directory: string;
let gateway: GatewayProcess;
let listener: ServerProcess;
const lines: string[] = [];

const client = testProgram("go-sendxmpp", interopPackageDirectory);

/** Runs go-sendxmpp as the owner; the certificate of the test's server is of nobody it knows. */
function sendxmpp(parameters: readonly string[], onLine: (line: string) => boolean): ServerProcess {
  const login = ["-u", "owner@house.test", "-p", "owner", "-j", `127.0.0.1:${server.tlsPort}`, "-t", "-n"];
  return runServer("go-sendxmpp", client, [...login, ...parameters], onLine);
}

beforeAll(async () => {
  server = await startEjabberd();
  directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
  const configFile = join(directory, "homeroster.yaml");
  await writeFile(
    configFile,
    `
xmpp: { server: component, domain: ${server.component}, port: ${server.port}, secret: ${server.secret} }
owners: [owner@house.test]
http: { listen: 127.0.0.1:0 }
adapters: { trial: { kind: simulator } }
`,
  );
  gateway = await GatewayProcess.start(["--config", configFile]);
  await gateway.until(({ ready }) => ready);
  listener = sendxmpp(["--listen", "--debug"], (line) => {
    lines.push(line);
    return line.includes("<presence");
  });
  await listener.ready;
});

afterAll(async () => {
  await listener?.end("SIGTERM");
  await gateway?.remove();
  await server.stop();
  await rm(directory, { recursive: true });
});

async function say(jid: string, text: string): Promise<void> {
  const file = join(directory, "message.txt");
  await writeFile(file, text);
  const sender = sendxmpp(["--message", file, jid], () => true);
  await sender.ended;
}

test.each([
  ["kitchen-lamp@iot.house.test", "on", "Kitchen lamp is on."],
  ["home@iot.house.test", "kitchen lamp off", "Kitchen lamp is off."],
])("a message to %s is obeyed and answered", async (jid, command, answer) => {
  await say(jid, command);
  await expect.poll(() => lines.join("\n"), { timeout: 20_000 }).toContain(answer);
});
