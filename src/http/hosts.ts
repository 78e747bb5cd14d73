import { isIP } from "node:net";
import { hostname } from "node:os";
import { inUrl, isEveryAddress, isLoopback } from "../core/host.js";
import { HttpProblem } from "./problems.js";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses requests that were meant for another name: a page of a foreign site whose name was turned to our address
 * (DNS rebinding). An address in numbers cannot be turned, so where we listen on all addresses each may be named.
 */
export function hostGuard(listenHost: string): (hostHeader: string | undefined) => void {
  const isOpen = isEveryAddress(listenHost);
  const machine = hostname().toLowerCase();
  const names = new Set([
    ...loopbackNames,
    inUrl(listenHost.toLowerCase()),
    ...(isLoopback(listenHost) ? [] : [machine, `${machine}.local`]),
  ]);
  return (hostHeader) => {
    const name = hostHeader?.toLowerCase().replace(/:\d*$/, "") ?? "";
    if (names.has(name) || (isOpen && isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0)) return;
    throw new HttpProblem("host-unknown", "This server does not answer to the name in the Host header.");
  };
}
