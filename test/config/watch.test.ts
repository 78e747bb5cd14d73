import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { FileWatch } from "../../src/config/watch.js";

async function aWatch(files: readonly string[]) {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-watch-"));
  const paths = files.map((file) => join(directory, file));
  const change = vi.fn();
  const error = vi.fn();
  const watch = new FileWatch(paths, { change, error });
  onTestFinished(async () => {
    await watch.stop();
    await rm(directory, { recursive: true });
    expect(error).not.toHaveBeenCalled();
  });
  await watch.ready;
  const told = async () => {
    await expect.poll(() => change.mock.calls.length).toBeGreaterThan(0);
    change.mockClear();
  };
  return { watch, directory, change, told };
}

test("tells of a file that is made, written and replaced as editors do, and of no other", async () => {
  const { directory, change, told } = await aWatch(["a.yaml", "b.yaml"]);
  const file = join(directory, "a.yaml");
  await writeFile(join(directory, "other.yaml"), "1");
  await writeFile(file, "1");
  await told();
  await writeFile(file, "22");
  await told();
  await writeFile(`${file}.new`, "333");
  await rename(`${file}.new`, file);
  await told();
  await rm(file);
  await told();
  expect(change).not.toHaveBeenCalled();
});

test("follows other files from one moment to the next", async () => {
  const { watch, directory, change } = await aWatch(["a.yaml"]);
  const later = join(directory, "later.yaml");
  await writeFile(later, "");
  watch.follow([later]);
  let text = "";
  // Longer apart than a file must rest before it counts as written.
  const patient = { interval: 500, timeout: 10_000 };
  await expect
    .poll(async () => {
      text += ".";
      await writeFile(later, text);
      return change.mock.calls.length;
    }, patient)
    .toBeGreaterThan(0);
});
