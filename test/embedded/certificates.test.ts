import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { keepCertificates } from "../../src/embedded/certificates.js";
import { testProgram } from "../support/packages.js";

const year = 365 * 24 * 60 * 60 * 1000;

function certificatesIn(directory: string) {
  return keepCertificates(directory, "house.test", testProgram("openssl"));
}

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "homeroster-certificates-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("makes a certificate for the domain that the authority signed", async () => {
  const { ca, certificate } = await certificatesIn(aDirectory());
  const server = new X509Certificate(readFileSync(certificate));
  expect(server.checkHost("house.test")).toBe("house.test");
  expect(server.checkHost("other.test")).toBeUndefined();
  expect(server.verify(new X509Certificate(readFileSync(ca.file)).publicKey)).toBe(true);
});

test("keeps both as long as they are good, and renews the server's before it expires", async () => {
  const directory = aDirectory();
  const first = await certificatesIn(directory);
  expect(await certificatesIn(directory)).toEqual(first);

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2.2 * year });
  onTestFinished(() => void vi.useRealTimers());
  const later = await certificatesIn(directory);
  expect(later.ca).toEqual(first.ca);
  expect(later.fingerprint).not.toBe(first.fingerprint);
});
