import type { FastifyInstance } from "fastify";
import { GatewayError, messageOf } from "../core/errors.js";
import { inUrl, reachableHost } from "../core/host.js";
import { systemCodeOf } from "../core/system-code.js";
import { type AppParts, buildApp } from "./app.js";

/** How long a stop waits for requests that are still being answered. */
const stopWithin = 3_000;

interface HttpParts extends AppParts {
  /** 0 is any free port. */
  readonly port: number;
  /** Whether nobody chose the port: then a free one does as well when it is taken. */
  readonly isDefaultPort: boolean;
}

interface HttpServer {
  /** Where a program on this machine reaches it: `http://127.0.0.1:8480`. */
  readonly url: string;
  /** Takes no more requests, and ends the open ones within 3 s. Safe to call twice. */
  stop(): Promise<void>;
}

/** Throws "adapter-failed" when the address is taken, "config-invalid" when it can never be had. */
export async function startHttp(parts: HttpParts): Promise<HttpServer> {
  const { host, log } = parts;
  let app = buildApp(parts);
  try {
    await app.listen({ host, port: parts.port });
  } catch (error) {
    await app.close();
    if (!parts.isDefaultPort || systemCodeOf(error) !== "EADDRINUSE") throw unavailable(parts, error);
    app = buildApp(parts);
    await app.listen({ host, port: 0 });
    log.warn({}, `Port ${parts.port} is taken, so HTTP is at ${urlOf(app, host)} this time.`);
  }
  return { url: urlOf(app, host), stop: () => stop(app) };
}

async function stop(app: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), stopWithin);
  await app.close();
  clearTimeout(deadline);
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return `http://${reachableHost(host)}:${port}`;
}

function unavailable({ host, port }: HttpParts, error: unknown): GatewayError {
  const at = `http.listen: ${inUrl(host)}:${port}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${at} is taken by another program; stop it, or choose another port.`,
    EACCES: `${at} needs rights that the gateway does not have; choose a port from 1024 on.`,
    EADDRNOTAVAIL: `${at} is no address of this machine; take 127.0.0.1, or 0.0.0.0 for all addresses.`,
    ENOTFOUND: `${at} names a host that is not known; take 127.0.0.1, or 0.0.0.0 for all addresses.`,
  };
  const sentence =
    sentences[systemCodeOf(error) ?? ""] ?? `${at} cannot be listened on: ${messageOf(error)}.`;
  const isTaken = systemCodeOf(error) === "EADDRINUSE";
  return new GatewayError(isTaken ? "adapter-failed" : "config-invalid", sentence, { cause: error });
}
