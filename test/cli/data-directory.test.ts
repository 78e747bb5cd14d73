import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDataDirectory } from "../../src/cli/data-directory.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-directory-"));
});

afterEach(() => rm(directory, { recursive: true }));

test("is made with its parents, for its owner alone", async () => {
  const path = join(directory, "a/b");
  expect(await makeDataDirectory(path)).toBe(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test("one that is there is narrowed", async () => {
  const path = join(directory, "open");
  await mkdir(path, { mode: 0o755 });
  await makeDataDirectory(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

test.each([
  ["/proc/nowhere/data", "nothing can be made there"],
  ["file", "is no directory"],
  ["file/data", "a part of its path is no directory"],
])("%s is refused in a sentence", async (name, reason) => {
  await writeFile(join(directory, "file"), "");
  const path = name.startsWith("/") ? name : join(directory, name);
  const refused = makeDataDirectory(path);
  await expect(refused).rejects.toMatchObject({ code: "config-invalid" });
  await expect(refused).rejects.toThrow(reason);
  await expect(refused).rejects.toThrow("Choose another with --data");
});
