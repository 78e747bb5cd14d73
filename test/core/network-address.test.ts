import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { networkAddress } from "../../src/core/network-address.js";

function at(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { netmask: "255.255.255.0", mac: "00:00:00:00:00:00", internal, cidr: null };
  return address.includes(":")
    ? { address, family: "IPv6", scopeid: 0, ...rest }
    : { address, family: "IPv4", ...rest };
}

test("is that of a real network before that of containers", () => {
  const lo = [at("127.0.0.1", true)];
  expect(networkAddress({ lo, docker0: [at("172.17.0.1")], eth0: [at("fe80::1"), at("192.168.1.5")] })).toBe(
    "192.168.1.5",
  );
  expect(networkAddress({ lo, docker0: [at("172.17.0.1")] })).toBe("172.17.0.1");
  expect(networkAddress({ lo })).toBeUndefined();
});
