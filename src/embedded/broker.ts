import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Aedes, type AedesOptions } from "aedes";
import { GatewayError, messageOf } from "../core/errors.js";
import { isLoopback, reachableHost } from "../core/host.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import { SocketStream } from "../core/socket-stream.js";
import { systemCodeOf } from "../core/system-code.js";
import { PortTakenError, withFreePorts } from "./free-ports.js";
import { PacketLimit } from "./packet-limit.js";
import { rememberedPort } from "./remembered-ports.js";

const maxConnections = 500;
/** Bytes. Somebody who has not logged in yet gets less. */
const limits = { connect: 64 * 1024, packet: 2 * 1024 * 1024 };

interface BrokerUser {
  readonly name: string;
  readonly password: string;
}

export interface BrokerOptions {
  /** Beyond loopback only with `users`. */
  readonly host: string;
  /** Without it: the one of the last start, else 1883, else any that is free. */
  readonly port?: number;
  /** Where the port is remembered. */
  readonly dataDir: string;
  /** With them nobody else gets in. */
  readonly users?: readonly BrokerUser[];
  readonly log: Log;
}

export interface EmbeddedBroker {
  /** For clients on this machine. */
  readonly url: string;
  readonly port: number;
  /** Of the gateway itself, where nobody gets in without. */
  readonly login: { readonly username: string; readonly password: string } | undefined;
  stop(): Promise<void>;
}

/**
 * Starts an MQTT 3.1.1 broker in this process. What it retains and keeps for sessions lives in memory. Throws
 * "config-invalid" for an open broker beyond loopback, "adapter-failed" when the port cannot be had.
 */
export function startBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  return options.port === undefined ? withFreePorts(() => listen(options)) : listen(options);
}

async function listen(options: BrokerOptions): Promise<EmbeddedBroker> {
  const { host, log, users = [] } = options;
  if (!isLoopback(host) && users.length === 0) {
    throw new GatewayError(
      "config-invalid",
      `The MQTT broker would be open to everybody on ${host}; give it users with passwords, or listen on 127.0.0.1.`,
    );
  }
  const port = options.port ?? (await rememberedPort(options.dataDir, "mqtt", host, 1883, log));
  const own = { name: `homeroster-${randomUUID()}`, password: randomUUID() };
  const broker = await Aedes.createBroker(
    users.length === 0 ? {} : { authenticate: authenticateBy([...users, own]) },
  );
  for (const event of ["clientError", "connectionError"] as const) {
    broker.on(event, (client, error) => log.debug({ client: client.id }, `MQTT client: ${messageOf(error)}`));
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const limit = new PacketLimit(limits.connect, limits.packet);
    const admit = (chunk: Buffer) => {
      if (!limit.accepts(chunk)) throw new Error("the packet is larger than allowed");
      return [chunk];
    };
    broker.handle(new SocketStream(socket, admit));
  });
  server.maxConnections = maxConnections;
  const gate = new RateGate();
  server.on("drop", () => {
    const { allowed, suppressed } = gate.allow("full");
    if (allowed) log.warn({ maxConnections, suppressed }, "The MQTT broker is full and refuses connections.");
  });

  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (cause) {
    broker.close();
    if (systemCodeOf(cause) === "EADDRINUSE") {
      const cure = "stop it, or choose another port";
      throw new PortTakenError(`mqtt.listen: ${host}:${port} is taken by another program; ${cure}.`, {
        cause,
      });
    }
    throw new GatewayError(
      "adapter-failed",
      `mqtt.listen: ${host}:${port} cannot be listened on: ${messageOf(cause)}.`,
      { cause },
    );
  }
  server.on("error", (error) => log.error({}, `The MQTT broker cannot take a connection: ${error.message}`));
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    port: bound,
    login: users.length === 0 ? undefined : { username: own.name, password: own.password },
    url: `mqtt://${reachableHost(host)}:${bound}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function authenticateBy(users: readonly BrokerUser[]): NonNullable<AedesOptions["authenticate"]> {
  const digests = new Map(users.map(({ name, password }) => [name, digestOf(password)]));
  const nobody = digestOf("");
  return (_client, name, password, done) => {
    const wanted = digests.get(name ?? "");
    const matches = timingSafeEqual(digestOf(password ?? ""), wanted ?? nobody);
    if (wanted !== undefined && matches) done(null, true);
    // MQTT 3.1.1 §3.2.2.3: bad user name or password.
    else done(Object.assign(new Error("bad user name or password"), { returnCode: 4 }), false);
  };
}

function digestOf(password: string | Uint8Array): Buffer {
  return createHash("sha256").update(password).digest();
}
