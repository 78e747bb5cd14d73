import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { unpackPackages } from "../../src/embedded/debian-packages.js";
import { findInTree } from "../../src/embedded/package-tree.js";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "homeroster-packages-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A system whose package lists were never fetched. */
function withoutLists(directory: string, ...more: readonly string[]): void {
  const file = join(directory, "apt.conf");
  writeFileSync(file, [`Dir::State::lists "${directory}/none";`, ...more, ""].join("\n"));
  vi.stubEnv("APT_CONFIG", file);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("unpacks a program with what it needs, once, on a system whose package lists are empty", {
  timeout: 300_000,
}, async () => {
  const directory = aDirectory();
  withoutLists(directory);
  const onWork = vi.fn();
  const target = join(directory, "tree");
  // Of one that was killed in the middle: no process has that number.
  mkdirSync(join(directory, ".tree-99999999-abcdef/root"), { recursive: true });
  const tree = await unpackPackages(["lua5.4"], target, { onWork });
  expect(findInTree(tree, "lua5.4")).toBe(join(target, "usr/bin/lua5.4"));
  expect(readdirSync(directory).sort()).toEqual(["apt.conf", "tree"]);

  await unpackPackages(["lua5.4"], target, { onWork });
  expect(onWork).toHaveBeenCalledTimes(1);
});

test("says what is missing when there is no network, and leaves nothing half done", async () => {
  const directory = aDirectory();
  withoutLists(
    directory,
    "Acquire::Retries 0;",
    'Acquire::http::Proxy "http://127.0.0.1:1";',
    'Acquire::https::Proxy "http://127.0.0.1:1";',
  );
  await expect(unpackPackages(["lua5.4"], join(directory, "tree"))).rejects.toMatchObject({
    code: "adapter-failed",
    message: expect.stringMatching(/^lua5.4 could not be downloaded from Debian: .+ Check the network/),
  });
  expect(readdirSync(directory)).toEqual(["apt.conf"]);
});

test("called off while it downloads, it ends at once and leaves nothing half done", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const directory = aDirectory();
  withoutLists(
    directory,
    ...["http", "https"].map((scheme) => `Acquire::${scheme}::Proxy "http://127.0.0.1:${port}";`),
  );
  const stop = new AbortController();
  const unpacking = unpackPackages(["lua5.4"], join(directory, "tree"), { signal: stop.signal });
  const refused = expect(unpacking).rejects.toMatchObject({ name: "AbortError" });
  const [asked] = await once(silent, "connection");
  onTestFinished(() => {
    asked.destroy();
    silent.close();
  });

  stop.abort();
  await refused;
  expect(readdirSync(directory)).toEqual(["apt.conf"]);
});

test("says what to install where there is no apt", async () => {
  const directory = aDirectory();
  vi.stubEnv("PATH", directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(unpackPackages(["prosody"], join(directory, "tree"))).rejects.toThrow(
    /this system has no apt-get. Install prosody/,
  );
  expect(existsSync(join(directory, "tree"))).toBe(false);
});
