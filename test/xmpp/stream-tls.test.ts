import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createStream } from "../../src/xmpp/stream.js";
import { type ComponentServer, type Peer, startComponentServer } from "../support/component-server.js";
import { testProgram } from "../support/packages.js";
import { silentLog } from "../support/silent-log.js";

let ca: string;
let server: ComponentServer;

/** A self-signed certificate for `name`, and its key, as PEM. */
function aCertificate(name: string): { key: string; cert: string } {
  const directory = mkdtempSync(join(tmpdir(), "homeroster-tls-"));
  const { command, environment } = testProgram("openssl");
  const files = ["-keyout", join(directory, "key"), "-out", join(directory, "cert")];
  const what = ["-subj", "/CN=test", "-addext", `subjectAltName=${name}`, "-days", "1"];
  // Without a file of its own, an unpacked openssl misses the system's configuration.
  const request = [
    "req",
    "-x509",
    "-config",
    "/dev/null",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
  ];
  try {
    execFileSync(command, [...request, "-nodes", ...files, ...what], {
      env: { ...process.env, ...environment },
      stdio: "pipe",
    });
    return {
      key: readFileSync(join(directory, "key"), "utf8"),
      cert: readFileSync(join(directory, "cert"), "utf8"),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

beforeAll(async () => {
  const tls = aCertificate("IP:127.0.0.1");
  ca = tls.cert;
  server = await startComponentServer({ tls });
});

afterAll(() => server.stop());

const aLink = (tls: { ca?: string }) => {
  const { domain, host, port, secret } = server;
  return createStream({ domain, host, port, secret, tls, log: silentLog });
};

test("speaks TLS from the first byte with a server whose certificate it can verify", async () => {
  const link = aLink({ ca });
  link.start();
  await (await server.accept()).login();
  await vi.waitFor(() => expect(link.state).toBe("online"));
  await link.stop();
});

test("says no word to a server whose certificate it cannot verify", async () => {
  const heard: Peer[] = [];
  void server.accept().then((peer) => heard.push(peer));
  const link = aLink({ ca: aCertificate("IP:127.0.0.1").cert });
  link.start();
  await vi.waitFor(() => expect(link.detail).toMatch(/failed: .*certificate/));
  await link.stop();
  expect(heard.map(({ received }) => received).join()).toBe("");
});

test("gives a server that accepts and then says nothing so long to connect", async () => {
  const silent = await startComponentServer();
  const { domain, host, port, secret } = silent;
  const link = createStream({
    domain,
    host,
    port,
    secret,
    tls: {},
    log: silentLog,
    timing: { connectWithin: 100 },
  });
  link.start();
  await (await silent.accept()).closed;
  await vi.waitFor(() =>
    expect(link.detail).toBe("The XMPP server did not accept a connection within 0.1 s."),
  );
  await link.stop();
  await silent.stop();
});

test("refuses an authority that is no PEM, and needs TLS for every other host", () => {
  expect(() => aLink({ ca: "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----" })).toThrow(
    expect.objectContaining({ code: "config-invalid" }),
  );
  const { domain, port, secret } = server;
  const far = { domain, port, secret, host: "xmpp.example.org", log: silentLog };
  expect(createStream({ ...far, tls: {} }).state).toBe("offline");
});
