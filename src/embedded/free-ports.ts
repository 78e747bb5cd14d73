import { createServer, type ListenOptions } from "node:net";
import { GatewayError } from "../core/errors.js";
import { systemCodeOf } from "../core/system-code.js";

const nearby = 200;

/** Somebody else got the port between the choice and the listening. */
export class PortTakenError extends GatewayError {
  constructor(message: string, options?: ErrorOptions) {
    super("adapter-failed", message, options);
  }
}

/** Whether nobody listens on the TCP port of that host; on every address, those of IPv6 are looked at as well. */
export async function isFree(port: number, host: string): Promise<boolean> {
  const taken = await listenOnce({ port, host });
  if (taken !== undefined || host !== "0.0.0.0") return taken === undefined;
  // Any other error: this machine has no IPv6.
  return (await listenOnce({ port, host: "::", ipv6Only: true })) !== "EADDRINUSE";
}

/** The code of the error that came of it, if one did. */
function listenOnce(options: ListenOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(systemCodeOf(error) ?? "unknown"));
    server.listen({ ...options, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * The first TCP port from `preferred` on that is free now. Not one that the system picks: those are lent to outgoing
 * connections as well, and may be gone a moment later. Throws a `PortTakenError` when none of the next 200 is free.
 */
export async function freePort(host: string, preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + nearby; port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new PortTakenError(`No port of ${host} from ${preferred} to ${preferred + nearby - 1} is free.`);
}

/** Calls `use`, which chooses ports and listens on them, again when somebody was quicker. */
export async function withFreePorts<T>(use: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 4) throw error;
    }
  }
}
