import { expect, test } from "vitest";
import { inUrl, isLoopback, reachableHost } from "../../src/core/host.js";

test.each(["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1"])("%s stays here", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  "127.evil.example",
  "[::1]",
  "[localhost]",
  "localhost.",
  "127.1",
  "::ffff:127.0.0.1",
  "127.0.0.1.evil.example",
  "0.0.0.0",
  "::",
  "192.168.1.2",
  "1270.0.0.1",
  "",
])("%j may leave the machine", (host) => {
  expect(isLoopback(host)).toBe(false);
});

test("an IPv6 address has brackets in a URL", () => {
  expect(["::1", "10.0.0.1", "pi.local"].map(inUrl)).toEqual(["[::1]", "10.0.0.1", "pi.local"]);
});

test("who listens everywhere is reached on this machine", () => {
  expect(["0.0.0.0", "::", "10.0.0.1"].map(reachableHost)).toEqual(["127.0.0.1", "127.0.0.1", "10.0.0.1"]);
});
