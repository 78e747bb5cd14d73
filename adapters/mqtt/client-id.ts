import { createHash } from "node:crypto";
import { hostname } from "node:os";

/**
 * The same at each start, so that the broker ends what a crash left behind before its will would be published over our
 * birth message; different for each host and adapter, so that no two throw each other out.
 */
export function clientIdFor(adapter: string): string {
  const digest = createHash("sha256").update(`${hostname()}\0${adapter}`).digest("hex");
  return `homeroster-${adapter}-${digest.slice(0, 8)}`;
}
