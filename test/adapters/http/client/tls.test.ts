import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tls as tlsWords } from "../../../../adapters/http/client/tls.js";
import { testProgram } from "../../../support/packages.js";
import { aClient, anHttpServer, aRequest, listening, options, textOf } from "./test-servers.js";

let directory = "";
const at = (name: string) => join(directory, name);

/** A key and a certificate of that name, signed by itself or by `ca`. */
async function certify(name: string, words: readonly string[]): Promise<void> {
  await openssl(["req", "-x509", ...newKey(name), "-out", at(`${name}.crt`), ...words]);
}

/** `openssl req` makes none that is not valid today. */
async function certifyExpired(name: string): Promise<void> {
  await openssl(["req", "-new", ...newKey(name), "-out", at("request.pem"), "-subj", `/CN=${name}`]);
  await writeFile(at("index.txt"), "");
  await writeFile(at("names.cnf"), "subjectAltName = IP:127.0.0.1\n");
  await writeFile(
    at("ca.cnf"),
    `[ca]\ndefault_ca = d\n[d]\ndatabase = ${at("index.txt")}\nnew_certs_dir = ${directory}\ndefault_md = sha256\npolicy = p\nrand_serial = yes\n[p]\ncommonName = supplied\n`,
  );
  await openssl([
    ...["ca", "-batch", "-notext", "-config", at("ca.cnf"), "-extfile", at("names.cnf")],
    ...["-cert", at("ca.crt"), "-keyfile", at("ca.key"), "-in", at("request.pem"), "-out", at(`${name}.crt`)],
    ...["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"],
  ]);
}

function newKey(name: string): readonly string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at(`${name}.key`)];
}

async function openssl(parameters: readonly string[]): Promise<void> {
  const { command, environment } = testProgram("openssl");
  await promisify(execFile)(command, parameters, { env: { ...process.env, ...environment } });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-tls-"));
  await certify("ca", ["-subj", "/CN=House", "-days", "30"]);
  const signed = [
    "-CA",
    at("ca.crt"),
    "-CAkey",
    at("ca.key"),
    "-days",
    "30",
    "-addext",
    "basicConstraints=CA:FALSE",
  ];
  await certify("host", [
    "-subj",
    "/CN=host",
    "-addext",
    "subjectAltName=IP:127.0.0.1,DNS:device.example.org",
    ...signed,
  ]);
  await certify("other", [
    "-subj",
    "/CN=other",
    "-addext",
    "subjectAltName=DNS:other.example.org",
    ...signed,
  ]);
  // As bridges have it: a serial number for a name, and no alternative names.
  await certify("bridge", ["-subj", "/CN=001788fffe123456", ...signed]);
  await certify("client", ["-subj", "/CN=client", ...signed]);
  await certifyExpired("expired");
  await certify("own", ["-subj", "/CN=001788fffe123456", "-days", "30"]);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function aSecureServer(name: string, words: ServerOptions = {}) {
  const [key, cert] = await Promise.all([readFile(at(`${name}.key`)), readFile(at(`${name}.crt`))]);
  let asked = 0;
  const server = createServer({ key, cert, ...words }, (request, response) => {
    asked += 1;
    const client = (request.socket as TLSSocket).getPeerCertificate();
    response.end(`hello ${client.subject?.CN ?? "stranger"}`);
  });
  server.on("tlsClientError", () => {});
  return { ...(await listening(server, "127.0.0.1", "https")), asked: () => asked };
}

async function fingerprintOf(name: string): Promise<string> {
  return new X509Certificate(await readFile(at(`${name}.crt`))).fingerprint256;
}

test("a certificate by the named authority is trusted, as a file or as text", async () => {
  const server = await aSecureServer("host");
  for (const ca of [at("ca.crt"), await readFile(at("ca.crt"), "utf8")]) {
    const answer = await aClient().request(aRequest(server.url(), { tls: { ca } }), options());
    expect(textOf(answer)).toBe("hello stranger");
  }
});

test("the authority's file is read again at each connection", async () => {
  const server = await aSecureServer("host");
  const client = aClient();
  await copyFile(at("own.crt"), at("changing.crt"));
  const request = aRequest(server.url(), { tls: { ca: at("changing.crt") } });
  await expect(client.request(request, options())).rejects.toMatchObject({ kind: "tls" });
  await copyFile(at("ca.crt"), at("changing.crt"));
  await client.request(request, options());
});

test.each([
  ["host", "its certificate is signed by an authority that is not known here"],
  ["own", "its certificate is signed by itself"],
])("a certificate like that of %s is not trusted by itself, and can be pinned", async (name, sentence) => {
  const server = await aSecureServer(name);
  const fingerprint = await fingerprintOf(name);
  await expect(
    aClient().request(
      aRequest(server.url(), { method: "POST", body: "x" }),
      options({ priority: "command" }),
    ),
  ).rejects.toMatchObject({
    kind: "tls",
    message: `${server.url()} is not trusted: ${sentence}; if it is the right device, pin it: tls: { fingerprint: "${fingerprint}" }`,
    mayHaveHappened: false,
  });
  expect(server.asked()).toBe(0);
  await expect.poll(server.open).toBe(0);
  const tls = tlsWords.parse({ fingerprint: fingerprint.toLowerCase() });
  expect(textOf(await aClient().request(aRequest(server.url(), { tls }), options()))).toBe("hello stranger");
});

test("another certificate than the pinned one is refused, even one of a known authority", async () => {
  const server = await aSecureServer("host");
  const [shown, fingerprint] = [await fingerprintOf("host"), await fingerprintOf("own")];
  await expect(
    aClient().request(aRequest(server.url(), { tls: { fingerprint } }), options()),
  ).rejects.toMatchObject({
    kind: "tls",
    message: `${server.url()} is not trusted: its certificate has the fingerprint ${shown}, not the one in \`tls.fingerprint\``,
  });
  expect(server.asked()).toBe(0);
});

test("a certificate for another name is refused, and says its names", async () => {
  const server = await aSecureServer("other");
  await expect(
    aClient().request(aRequest(server.url(), { tls: { ca: at("ca.crt") } }), options()),
  ).rejects.toMatchObject({
    kind: "tls",
    message: expect.stringContaining("its certificate is for another name (DNS:other.example.org)"),
  });
  expect(server.asked()).toBe(0);
});

test.each([
  ["other", "other.example.org"],
  ["bridge", "001788fffe123456"],
])("the name in the certificate of %s may be told", async (name, servername) => {
  const server = await aSecureServer(name);
  const answer = await aClient().request(
    aRequest(server.url(), { tls: { ca: at("ca.crt"), servername } }),
    options(),
  );
  expect(answer.status).toBe(200);
  await expect(
    aClient().request(
      aRequest(server.url(), { tls: { ca: at("ca.crt"), servername: "wrong.example" } }),
      options(),
    ),
  ).rejects.toMatchObject({ kind: "tls" });
});

test("an expired certificate is refused, unless it is the pinned one", async () => {
  const server = await aSecureServer("expired");
  await expect(
    aClient().request(aRequest(server.url(), { tls: { ca: at("ca.crt") } }), options()),
  ).rejects.toMatchObject({ kind: "tls", message: expect.stringContaining("its certificate has expired") });
  expect(server.asked()).toBe(0);
  const tls = { fingerprint: await fingerprintOf("expired") };
  expect((await aClient().request(aRequest(server.url(), { tls }), options())).status).toBe(200);
});

test("a client certificate is shown to a device that asks for one", async () => {
  const server = await aSecureServer("host", {
    requestCert: true,
    rejectUnauthorized: true,
    ca: await readFile(at("ca.crt")),
  });
  const tls = { ca: at("ca.crt"), cert: at("client.crt"), key: at("client.key") };
  expect(textOf(await aClient().request(aRequest(server.url(), { tls }), options()))).toBe("hello client");
  await expect(
    aClient().request(aRequest(server.url(), { tls: { ca: at("ca.crt") } }), options()),
  ).rejects.toMatchObject({ kind: "broken" });
});

test("a server that does not speak TLS, and a file that is gone, are told apart", async () => {
  const server = await anHttpServer((_, response) => response.end());
  const url = server.url();
  url.protocol = "https:";
  await expect(aClient().request(aRequest(url), options())).rejects.toMatchObject({
    kind: "tls",
    message: `${url} cannot be asked: no TLS connection with it: what listens there does not speak TLS; check \`tls\``,
  });
  await expect(
    aClient().request(aRequest(url, { tls: { ca: at("none.crt") } }), options()),
  ).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("none.crt"),
    mayHaveHappened: false,
  });
});
