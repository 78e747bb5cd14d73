import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keepCertificates } from "../../src/embedded/certificates.js";
import { runEjabberd } from "../support/ejabberd-process.js";
import { interopPackageDirectory, testProgram } from "../support/packages.js";
import { testPort } from "../support/ports.js";
import { installSuite } from "./install-suite.js";

const example = "usr/share/ejabberd/ejabberd.yml.example";

/** `text` with `from` replaced, which must be there. */
function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`Debian's ejabberd.yml has no ${from}`);
  return result;
}

// ejabberd writes rosters for others since 23.10; Debian 12 has 23.01.
installSuite(
  "ejabberd.md",
  async ({ guide, directory, ports }) => {
    const file = join(directory, "ejabberd.yml");
    const addition = join(directory, "homeroster.yml");
    await writeFile(addition, guide.after("Make the file `/etc/ejabberd/homeroster.yml`:"));

    // What its installation makes of Debian's file for the domain, and the clients' port without TLS.
    let config = await readFile(join(interopPackageDirectory, example), "utf8").catch(() =>
      readFile(join("/", example), "utf8"),
    );
    const tls = await keepCertificates(join(directory, "tls"), "house.test", testProgram("openssl"));
    config = changed(config, "  - localhost", "  - house.test");
    config = changed(config, "/etc/ejabberd/ejabberd.pem", `${tls.certificate}"\n  - "${tls.key}`);
    config = changed(config, /^ {4}starttls_required: true\n/m, "");
    config = changed(config, /^ {4}ip: "::"$/gm, '    ip: "127.0.0.1"');
    config = changed(config, "port: 5222", `port: ${ports.c2s}`);
    for (const port of [5223, 5269, 5443, 5280, 3478, 1883])
      config = changed(config, `port: ${port}`, `port: ${await testPort()}`);

    config += changed(guide.after("without indentation, add:"), "/etc/ejabberd/homeroster.yml", addition);
    const createNodes = guide.after("in the place of the line `access_createnode: pubsub_createnode`:");
    config = changed(config, /^ +access_createnode: pubsub_createnode\n/m, createNodes);
    config = changed(config, /^ {4}count: 5\n/m, guide.after("in the place of the line `count: 5`:"));
    // As Debian's file would have uploads, if it had them switched on.
    const http = await testPort();
    const uploads = `  mod_http_upload:\n    docroot: "${directory}/uploads"\n    put_url: "http://@HOST@:${http}/upload"\n`;
    config = changed(
      config,
      /^ {2}## mod_http_upload:\n/m,
      uploads + guide.after("If you have `mod_http_upload`"),
    );
    config = changed(
      config,
      /^listen:\n/m,
      `listen:\n  -\n    port: ${http}\n    ip: "127.0.0.1"\n    module: ejabberd_http\n    request_handlers:\n      /upload: mod_http_upload\n`,
    );
    await writeFile(file, config);
    const process = await runEjabberd({
      configFile: file,
      directory,
      domain: "house.test",
      ports: [ports.c2s, ports.component],
    });
    return { stop: () => process.end("SIGTERM") };
  },
  { writesRosters: false },
);
