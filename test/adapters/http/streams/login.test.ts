import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createPlainServer, type IncomingMessage, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { testProgram } from "../../../support/packages.js";
import { aStream, holdClock, releaseClock, until } from "./a-stream.js";
import { openStream } from "./event-server.js";

let directory = "";
let key = "";
let certificate = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-streams-"));
  const { command, environment } = testProgram("openssl");
  const [keyFile, certificateFile] = [join(directory, "bridge.key"), join(directory, "bridge.crt")];
  // As bridges have it: a serial number for a name, signed by itself.
  const parameters = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", "/CN=001788fffe123456", "-keyout", keyFile, "-out", certificateFile],
  ];
  await promisify(execFile)(command, parameters, { env: { ...process.env, ...environment } });
  [key, certificate] = await Promise.all([readFile(keyFile, "utf8"), readFile(certificateFile, "utf8")]);
});

afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(holdClock);
afterEach(releaseClock);

/** A server that opens event streams and WebSockets; `refuse` gives the challenge to those who may not enter. */
async function aHost(
  server: Server,
  refuse: (request: IncomingMessage) => string | undefined = () => undefined,
) {
  const requests: IncomingMessage[] = [];
  const webSockets = new WebSocketServer({ noServer: true });
  server.on("request", (request: IncomingMessage, response) => {
    requests.push(request);
    const challenge = refuse(request);
    if (challenge === undefined) openStream(response);
    else response.writeHead(401, { "www-authenticate": challenge }).end("who are you?");
  });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    requests.push(request);
    const challenge = refuse(request);
    if (challenge === undefined) webSockets.handleUpgrade(request, socket, head, () => {});
    else socket.end(`HTTP/1.1 401 No\r\nwww-authenticate: ${challenge}\r\ncontent-length: 0\r\n\r\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of webSockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

const kinds = ["sse", "websocket"] as const;

test.each(kinds)("%s: a certificate by itself is trusted only when it is pinned or named", async (kind) => {
  const { port, requests } = await aHost(createServer({ key, cert: certificate }));
  const url = new URL(`https://127.0.0.1:${port}/events`);
  const stranger = aStream({ url, kind, auth: { kind: "bearer", token: "secret" } });
  await until(() => stranger.listener.state.startsWith("offline"));
  expect(stranger.listener.state).toContain("is not trusted: its certificate is signed by itself");
  expect(stranger.listener.state).toMatch(/ refused$/);
  expect(requests).toEqual([]);
  const fingerprint = new X509Certificate(certificate).fingerprint256;
  const pinned = aStream({ url, kind, tls: { fingerprint } });
  await until(() => pinned.listener.state === "online");
  const mistaken = aStream({ url, kind, tls: { fingerprint: fingerprint.replace(/^../, "00") } });
  await until(() => mistaken.listener.state.startsWith("offline"));
  expect(mistaken.listener.state).toContain("not the one in `tls.fingerprint`");
  const named = aStream({ url, kind, tls: { ca: certificate } });
  await until(() => named.listener.state.startsWith("offline"));
  expect(named.listener.state).toContain("its certificate is for another name");
  expect(requests).toHaveLength(1);
});

test.each(kinds)("%s: a file of `tls` that cannot be read is named", async (kind) => {
  const { port } = await aHost(createServer({ key, cert: certificate }));
  const url = new URL(`https://127.0.0.1:${port}/events`);
  const { listener } = aStream({ url, kind, tls: { ca: join(directory, "gone.pem") } });
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toContain("gone.pem");
});

const md5 = (...parts: readonly string[]) => createHash("md5").update(parts.join(":")).digest("hex");

/** Lets in who knows that the password of `alice` is `secret`. */
function isAlice({ headers, url = "" }: IncomingMessage): boolean {
  const { username, uri, nonce, nc, cnonce, response } = Object.fromEntries(
    [...(headers.authorization ?? "").matchAll(/(\w+)="?([^",]+)/g)].map(([, name, value]) => [name, value]),
  );
  const asked = md5("GET", url);
  const right = md5(md5("alice", "home", "secret"), String(nonce), String(nc), String(cnonce), "auth", asked);
  return username === "alice" && uri === url && response === right;
}

test.each(kinds)("%s: answers a challenge by digest, and once only", async (kind) => {
  let nonce = 0;
  const { port, requests } = await aHost(createPlainServer(), (request) => {
    nonce += 1;
    return isAlice(request) ? undefined : `Digest realm="home", qop="auth", nonce="${nonce}"`;
  });
  const url = new URL(`http://127.0.0.1:${port}/events?all=1`);
  const right = aStream({ url, kind, auth: { kind: "digest", username: "alice", password: "secret" } });
  await until(() => right.listener.state === "online");
  expect(requests).toHaveLength(2);
  const wrong = aStream({ url, kind, auth: { kind: "digest", username: "alice", password: "guess" } });
  await until(() => wrong.listener.state.startsWith("offline"));
  expect(wrong.listener.state).toContain("does not let us in (401); check `auth`");
  expect(requests).toHaveLength(4);
});
