import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { listening } from "../adapters/http/client/test-servers.js";
import { testProgram } from "../support/packages.js";

/** A device with HTTP on loopback, that answers as it was recorded. */
export interface PlayedDevice {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** By what is asked: method and path. */
  readonly answers: Map<string, string>;
  /** Everything else that came: method, path and body. It is answered with `{}`. */
  readonly requests: readonly string[];
  /** The headers of the last request. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The places of the event streams and WebSockets that are open. */
  readonly listeners: ReadonlySet<string>;
  /** Tells all who listen at a place. */
  tell(place: string, body: string): void;
}

type Certificate = Readonly<Record<"key" | "cert", Buffer>>;

export async function playDevice(certificate?: Certificate): Promise<PlayedDevice> {
  const answers = new Map<string, string>();
  const requests: string[] = [];
  const listeners = new Set<string>();
  const tellers = new Map<string, (body: string) => void>();
  const device = { answers, requests, listeners, headers: {} as Record<string, unknown> };
  const listener: RequestListener = async (request, response) => {
    device.headers = request.headers;
    const asked = `${request.method} ${request.url}`;
    if (request.headers.accept?.includes("text/event-stream")) {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      listeners.add(asked);
      tellers.set(asked, (body) => response.write(`data: ${body}\n\n`));
      return;
    }
    const said = `${asked} ${await text(request)}`.trim();
    const answer = answers.get(asked);
    if (answer === undefined) requests.push(said);
    response.writeHead(200, { "content-type": "application/json" }).end(answer ?? "{}");
  };
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, { url }) => {
    // Whoever says nothing is told nothing, as devices of Shelly have it.
    socket.once("message", () => {
      listeners.add(`WS ${url}`);
      tellers.set(`WS ${url}`, (body) => socket.send(body));
    });
  });
  const { url } = await listening(server, "127.0.0.1", certificate === undefined ? "http" : "https");
  return Object.assign(device, {
    host: url().host,
    tell: (place: string, body: string) => tellers.get(place)?.(body),
  });
}

/** A certificate that a device signed itself, and its SHA-256. */
export async function aCertificate(): Promise<Certificate & { readonly fingerprint: string }> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-played-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [key, cert] = [join(directory, "key"), join(directory, "cert")];
  const openssl = async (...words: string[]) => {
    const { command, environment } = testProgram("openssl");
    return promisify(execFile)(command, words, { env: { ...process.env, ...environment } });
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl("req", "-x509", ...curve, "-keyout", key, "-out", cert, "-subj", "/CN=001788fffe123456");
  const { stdout } = await openssl("x509", "-in", cert, "-noout", "-fingerprint", "-sha256");
  return { key: await readFile(key), cert: await readFile(cert), fingerprint: stdout.trim() };
}
