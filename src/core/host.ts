import { isIP } from "node:net";

/** Whether what is sent to `host` stays on this machine. Brackets around an IPv6 address do no harm. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
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
