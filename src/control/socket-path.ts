import { join, relative, resolve } from "node:path";
import { GatewayError } from "../core/errors.js";

// sun_path of the smallest system that is supported, without its final zero.
const longestPath = 103;

/** Beside the working directory the short way round, for the system bounds the length of such paths. */
export function socketPath(dataDir: string): string {
  const absolute = join(resolve(dataDir), "homeroster.sock");
  const [path = absolute] = [absolute, relative(process.cwd(), absolute)].sort((a, b) => a.length - b.length);
  const bytes = Buffer.byteLength(`${path}.${process.pid}`);
  if (bytes <= longestPath) return path;
  throw new GatewayError(
    "config-invalid",
    `The path ${absolute} is too long for a socket (${bytes} bytes; ${longestPath} are allowed); choose a shorter data directory with --data.`,
  );
}
