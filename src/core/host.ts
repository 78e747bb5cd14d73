import { isIP } from "node:net";

/** Whether what is sent to `host`, a name or an IP address, stays on this machine. What is in doubt does not. */
export function isLoopback(host: string): boolean {
  return (
    host.toLowerCase() === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
  );
}

/** The host as a URL spells it. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** Whether who listens on `host` listens on every address of the machine. */
export function isEveryAddress(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Where a program on this machine reaches who listens on `host`, as a URL spells it. */
export function reachableHost(host: string): string {
  return isEveryAddress(host) ? "127.0.0.1" : inUrl(host);
}
