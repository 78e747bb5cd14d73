import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { FileWatch } from "../../src/config/watch.js";

async function aDirectory() {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-watch-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function aWatch(...files: readonly string[]) {
  const onChange = vi.fn();
  const watch = new FileWatch();
  await watch.follow(files);
  watch.start(onChange);
  onTestFinished(() => watch.stop());
  const told = async () => {
    await expect.poll(() => onChange.mock.calls.length).toBe(1);
    onChange.mockClear();
  };
  return { watch, told };
}

test("tells once of a file that is made, written, replaced as editors do, given other rights, or removed", async () => {
  const directory = await aDirectory();
  const file = join(directory, "config", "a.yaml");
  const { told } = await aWatch(file, join(directory, "b.yaml"));
  await mkdir(join(directory, "config"));
  await writeFile(join(directory, "config", "other.yaml"), "1");
  await writeFile(file, "1");
  await told();
  await writeFile(file, "22");
  await told();
  await writeFile(`${file}.new`, "33");
  await rename(`${file}.new`, file);
  await told();
  await chmod(file, 0o600);
  await told();
  await rm(file);
  await told();
});

test("sees through a link that is turned to another directory", async () => {
  const directory = await aDirectory();
  for (const version of ["one", "two"]) {
    await mkdir(join(directory, version));
    await writeFile(join(directory, version, "a.yaml"), "1");
  }
  const link = join(directory, "current");
  await symlink("one", link);
  const { told } = await aWatch(join(link, "a.yaml"));
  await symlink("two", `${link}.new`);
  await rename(`${link}.new`, link);
  await told();
});

test("follows other files from one moment to the next", async () => {
  const directory = await aDirectory();
  const [before, after] = [join(directory, "a.yaml"), join(directory, "b.yaml")];
  await writeFile(after, "1");
  const { watch, told } = await aWatch(before);
  await watch.follow([after]);
  await writeFile(before, "1");
  await writeFile(after, "22");
  await told();
});

test("tells also of what changed between the reading and the start", async () => {
  const file = join(await aDirectory(), "a.yaml");
  await writeFile(file, "1");
  const watch = new FileWatch();
  await watch.follow([file]);
  await writeFile(file, "22");
  const onChange = vi.fn();
  watch.start(onChange);
  onTestFinished(() => watch.stop());
  await expect.poll(() => onChange.mock.calls.length).toBe(1);
});
