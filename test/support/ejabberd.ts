import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepCertificates } from "../../src/embedded/certificates.js";
import { runEjabberd } from "./ejabberd-process.js";
import { testProgram } from "./packages.js";
import { testPort } from "./ports.js";
import { type TestXmppServer, testServerNames } from "./xmpp-server.js";

const { component, domain, host, pubsub, secret, upload } = testServerNames;

export interface TestEjabberd extends TestXmppServer {
  /** For clients that insist on TLS; the certificate is of nobody they know. */
  readonly tlsPort: number;
}

/** With `rosters` it lets the component write on rosters. */
export async function startEjabberd({ rosters = false } = {}): Promise<TestEjabberd> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-ejabberd-"));
  const ports = {
    component: await testPort(),
    c2s: await testPort(),
    tls: await testPort(),
    http: await testPort(),
  };
  const configFile = join(directory, "ejabberd.yml");
  const certificates = await keepCertificates(join(directory, "tls"), domain, testProgram("openssl"));
  const settings = configuration(ports, certificates, join(directory, "uploads"));
  const modules = rosters
    ? { ...settings.modules, mod_privilege: { roster: { both: "homeroster" } } }
    : settings.modules;
  // JSON is YAML, and quotes what wants quotes.
  await writeFile(configFile, JSON.stringify({ ...settings, modules }));
  const run = () => runEjabberd({ configFile, directory, domain, ports: Object.values(ports) });
  let running = await run();
  return {
    ...testServerNames,
    port: ports.component,
    c2sPort: ports.c2s,
    tlsPort: ports.tls,
    get pid() {
      return running.pid;
    },
    logFile: join(directory, "ejabberd.log"),
    signal: (signal) => running.kill(signal),
    kill: () => running.kill9(),
    restart: async () => {
      running = await run();
    },
    stop: async () => {
      running.kill("SIGCONT");
      await running.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Ports {
  readonly component: number;
  readonly c2s: number;
  readonly tls: number;
  readonly http: number;
}

function configuration(ports: Ports, tls: { key: string; certificate: string }, uploads: string) {
  const c2s = { ip: host, module: "ejabberd_c2s", max_stanza_size: 262_144 };
  return {
    loglevel: "info",
    hosts: [domain],
    certfiles: [tls.key, tls.certificate],
    acme: { auto: false },
    listen: [
      { ...c2s, port: ports.c2s },
      { ...c2s, port: ports.tls, tls: true },
      {
        port: ports.component,
        ip: host,
        module: "ejabberd_service",
        global_routes: false,
        hosts: { [component]: { password: secret } },
      },
      {
        port: ports.http,
        ip: host,
        module: "ejabberd_http",
        request_handlers: { "/upload": "mod_http_upload" },
      },
    ],
    acl: { local: { user_regexp: "" }, homeroster: { server: component } },
    access_rules: {
      local: { allow: "local" },
      nobody: { deny: "all" },
      homeroster: { allow: "homeroster" },
      create_nodes: [{ allow: "local" }, { allow: "homeroster" }],
      upload: [{ allow: "local" }, { allow: "homeroster" }],
    },
    s2s_access: "nobody",
    modules: {
      mod_caps: {},
      mod_carboncopy: {},
      mod_disco: {},
      mod_http_upload: {
        access: "upload",
        docroot: uploads,
        hosts: [upload],
        put_url: `http://${host}:${ports.http}/upload`,
      },
      mod_offline: {},
      mod_ping: {},
      mod_pubsub: { access_createnode: "create_nodes", hosts: [pubsub], plugins: ["flat", "pep"] },
      mod_roster: {},
      mod_stream_mgmt: {},
      mod_vcard: {},
    },
  };
}
