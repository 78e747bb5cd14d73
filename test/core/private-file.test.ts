import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keepText, readPrivately, replaceFile, unfinishedSuffix } from "../../src/core/private-file.js";

function aFile(): { readonly file: string; readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "homeroster-private-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return { file: join(directory, "secret"), directory };
}

test("a file is replaced whole, is private, and nothing stays beside it", async () => {
  const { file, directory } = aFile();
  writeFileSync(file, "a longer text than the next one", { mode: 0o644 });
  await replaceFile(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["secret"]);
});

test("what a killed process left beside it is no obstacle, however wide it was", async () => {
  const { file, directory } = aFile();
  writeFileSync(`${file}${unfinishedSuffix}`, "half of something much longer", { mode: 0o666 });
  await replaceFile(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["secret"]);
});

test("a replacement that fails leaves the old text", async () => {
  const { file } = aFile();
  await replaceFile(file, "old");
  await expect(replaceFile(join(file, "inside"), "new")).rejects.toThrow();
  expect(await readPrivately(file)).toBe("old");
});

test("a text is made once", async () => {
  const { file } = aFile();
  expect(await keepText(file, () => "first")).toBe("first");
  expect(await keepText(file, () => "second")).toBe("first");
});

test("a text that others may read is refused with its cure", async () => {
  const { file } = aFile();
  await replaceFile(file, "open");
  chmodSync(file, 0o640);
  await expect(readPrivately(file)).rejects.toMatchObject({
    code: "config-invalid",
    message: `Others may read ${file}; it must be private: chmod 600 ${file}`,
  });
});
