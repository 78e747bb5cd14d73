import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStream } from "../../src/xmpp/stream.js";
import { el } from "../../src/xmpp/xml.js";
import { connectClient } from "../support/client.js";
import { GatewayProcess } from "../support/gateway-process.js";
import { testPort } from "../support/ports.js";
import { silentLog } from "../support/silent-log.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import { InstallGuide } from "./install-guide.js";

const execute = promisify(execFile);
const program = fileURLToPath(new URL("../../bin/homeroster.js", import.meta.url));

const secret = "9f2c53c1c9d04c1c8a7f2c9b1f0d4e6a";

export interface InstallPorts {
  readonly component: number;
  readonly c2s: number;
}

interface Site {
  readonly guide: InstallGuide;
  readonly directory: string;
  readonly ports: InstallPorts;
}

/** Follows a page of docs/install on a server that `start` sets up as the page says, from Debian's own configuration. */
export function installSuite(
  page: string,
  start: (site: Site) => Promise<{ stop(): Promise<void> }>,
  /** Whether the server lets the gateway put devices on rosters, when it is set up as the page says. */
  { writesRosters }: { readonly writesRosters: boolean },
): void {
  let directory: string;
  let ports: InstallPorts;
  let server: { stop(): Promise<void> };
  let configFile: string;
  let gateway: GatewayProcess;
  let owner: SlixmppOwner;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "homeroster-install-"));
    ports = { component: await testPort(), c2s: await testPort() };
    const guide = await InstallGuide.open(page, {
      "alice@example.org": "owner@house.test",
      "example.org": "house.test",
      "PUT-THE-SECRET-HERE": secret,
      "5347": String(ports.component),
    });
    server = await start({ guide, directory, ports });
    configFile = await guide.configure(directory);
  });

  afterAll(async () => {
    await owner?.stop();
    await gateway?.remove();
    await server?.stop();
    await rm(directory, { recursive: true });
  });

  test("the configuration that the page shows is good, and the house comes online", async () => {
    await execute(process.execPath, [program, "check", "--config", configFile]);
    gateway = await GatewayProcess.start(["--config", configFile]);
    await gateway.until(({ ready }) => ready);
    const { stdout } = await execute(process.execPath, [program, "status", "--data", gateway.dataDir]);
    expect(stdout).toContain("XMPP     iot.house.test: online");
  });

  test("the house tells its list, and the lamp is added and answers", async () => {
    owner = await slixmppOwner("owner@house.test", "owner", ports.c2s);
    if (writesRosters) {
      await owner.hear("the lamp on the roster", ({ got, jid, groups }) => {
        return got === "contact" && jid === "kitchen-lamp@iot.house.test" && String(groups) === "Kitchen";
      });
    }
    const answerTo = async (jid: string, body: string) => {
      owner.do({ do: "say", jid, body });
      return (
        await owner.hear(`an answer to ${body}`, ({ got, sender }) => got === "message" && sender === jid)
      ).body;
    };
    expect(await answerTo("home@iot.house.test", "list")).toContain("kitchen-lamp@iot.house.test");
    owner.do({ do: "subscribe", jid: "kitchen-lamp@iot.house.test" });
    await owner.hear("the lamp", ({ got, sender, resource }) => {
      return got === "presence" && sender === "kitchen-lamp@iot.house.test" && resource === "device";
    });
    expect(await answerTo("kitchen-lamp@iot.house.test", "on")).toBe("Kitchen lamp is on.");
  });

  test("all devices of the house can be added at once", async () => {
    owner.forget();
    owner.do({ do: "disco", jid: "iot.house.test" });
    const { jids } = await owner.hear("the devices", ({ got }) => got === "items");
    for (const jid of jids as string[]) owner.do({ do: "subscribe", jid });
    for (const jid of jids as string[]) {
      await owner.hear(`the presence of ${jid}`, ({ got, sender, resource }) => {
        return got === "presence" && sender === jid && resource === "device";
      });
    }
  });

  test("programs get the states, and a user cannot take the name of a node", async () => {
    owner.do({ do: "follow", service: "pubsub.house.test", node: "iot.house.test/kitchen-lamp" });
    await owner.hear("the item", ({ got, node }) => got === "item" && node === "iot.house.test/kitchen-lamp");
    const mallory = await connectClient({ port: ports.c2s, domain: "house.test", user: "mallory" });
    const node = "iot.house.test/of-tomorrow";
    const answers = [
      el("create", { node }),
      el("publish", { node }, el("item", { id: "current" }, el("x", { xmlns: "urn:example:mine" }))),
    ].map((wish) =>
      mallory.iq(
        el(
          "iq",
          { type: "set", to: "pubsub.house.test" },
          el("pubsub", { xmlns: "http://jabber.org/protocol/pubsub" }, wish),
        ),
      ),
    );
    expect((await Promise.all(answers)).map(({ attrs }) => attrs.type)).toEqual(["error", "error"]);
    await mallory.stop();
  });

  test("the gateway and its devices may upload", async () => {
    await gateway.end();
    const link = createStream({
      domain: "iot.house.test",
      host: "127.0.0.1",
      port: ports.component,
      secret,
      log: silentLog,
    });
    const online = new Promise<void>((resolve) => link.on("online", resolve));
    link.start();
    await online;
    for (const from of ["iot.house.test", "camera@iot.house.test"]) {
      const picture = Buffer.from(`a picture of ${from}`);
      const wish = { filename: "door.jpg", size: String(picture.length), "content-type": "image/jpeg" };
      const slot = await link.request(
        el(
          "iq",
          { type: "get", from, to: "upload.house.test" },
          el("request", { xmlns: "urn:xmpp:http:upload:0", ...wish }),
        ),
      );
      const [put, get] = ["put", "get"].map((step) => slot.getChild("slot")?.getChild(step));
      // XEP-0363 §4: what the service wants to see at the upload, such as an authorization.
      const headers = put?.getChildren("header").map(({ attrs, children }) => [attrs.name, String(children)]);
      const wanted = { "content-type": "image/jpeg", ...Object.fromEntries(headers ?? []) };
      expect(await exchange("PUT", put?.attrs.url, wanted, picture)).toMatchObject({ status: 201 });
      expect(await exchange("GET", get?.attrs.url, {})).toEqual({ status: 200, body: picture });
    }
    await link.stop();
  });
}

/** Over HTTP on this machine, whatever the name in the address is. */
async function exchange(
  method: "PUT" | "GET",
  url: string,
  headers: Readonly<Record<string, string>>,
  body = Buffer.alloc(0),
) {
  const { host, port, pathname } = new URL(url);
  const all = { ...headers, host, "content-length": body.length };
  const sent = request({ host: "127.0.0.1", port, path: pathname, method, headers: all }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return { status: response.statusCode, body: Buffer.concat(await response.toArray()) };
}
