import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPackageTree } from "../../src/embedded/package-tree.js";
import { createAccount } from "../../src/embedded/prosody-account.js";
import { runProsody } from "../../src/embedded/prosody-process.js";
import { systemProsody, unpackedProsody } from "../../src/embedded/prosody-program.js";
import { packageDirectory } from "../support/packages.js";
import { testPort } from "../support/ports.js";
import { testUsers } from "../support/xmpp-server.js";
import { installSuite } from "./install-suite.js";

const installed = "etc/prosody/prosody.cfg.lua";

installSuite(
  "prosody.md",
  async ({ guide, directory, ports }) => {
    const file = join(directory, "prosody.cfg.lua");
    const dataPath = join(directory, "data");
    await mkdir(join(directory, "conf.d"));
    const component = 'Component "iot.house.test"\n';
    const parts = guide.after("Make the file `/etc/prosody/conf.d/homeroster.cfg.lua`:").split(component);
    const privilege = guide.after('put this below the line `Component "iot.house.test"`:');
    await writeFile(join(directory, "conf.d/homeroster.cfg.lua"), parts.join(`${component}${privilege}`));
    // Debian's file for the domain; below the test's directory, on its ports, and for clients without TLS.
    const original = await readFile(join(packageDirectory, installed), "utf8").catch(() =>
      readFile(join("/", installed), "utf8"),
    );
    const local = `
data_path = "${dataPath}"
log = { { to = "console", levels = { min = "info" } } }
pidfile = nil
run_as_root = true
unbound = { resolvconf = false }
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.c2s} }
c2s_require_encryption = false
component_ports = { ${ports.component} }
http_ports = { ${await testPort()} }
https_ports = { }
modules_disabled = { "s2s", "tls", "admin_shell" }
VirtualHost "house.test"
${guide.after('this below the line `VirtualHost "house.test"`')}`;
    await writeFile(file, original.replace('VirtualHost "localhost"', local));
    for (const user of testUsers) await createAccount(dataPath, "house.test", user, user, 1);
    const program = systemProsody() ?? (await unpackedProsody(openPackageTree(packageDirectory), directory));
    return runProsody(program, file, { ports: [ports.component, ports.c2s], onLine: () => {} });
  },
  { writesRosters: true },
);
