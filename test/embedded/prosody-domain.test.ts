import { expect, test } from "vitest";
import { domainOfHost } from "../../src/embedded/prosody-domain.js";

test("makes a domain of any host name", () => {
  expect(domainOfHost("raspberrypi")).toBe("raspberrypi.local");
  expect(domainOfHost("Küche_1.lan")).toBe("kuche-1.local");
  expect(domainOfHost("--")).toBe("home.local");
  expect(domainOfHost("localhost")).toBe("home.local");
  expect(domainOfHost("x".repeat(80))).toBe(`${"x".repeat(63)}.local`);
});
