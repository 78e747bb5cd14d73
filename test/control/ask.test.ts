import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ask } from "../../src/control/ask.js";

test("an answer that breaks off is told in a sentence", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "homeroster-status-"));
  const dying = createServer((socket) => socket.end('{"pid": 47')).listen(join(dataDir, "homeroster.sock"));
  onTestFinished(async () => {
    dying.close();
    await rm(dataDir, { recursive: true });
  });
  await expect(ask(dataDir, { do: "status" })).rejects.toMatchObject({
    code: "adapter-failed",
    message: "Homeroster broke off in the middle of its answer.",
  });
});

test("a gateway that hangs is told from one that is not there", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "homeroster-status-"));
  expect(await ask(dataDir, { do: "status" })).toBeUndefined();
  const hung = createServer().listen(join(dataDir, "homeroster.sock"));
  onTestFinished(async () => {
    hung.close();
    await rm(dataDir, { recursive: true });
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const answer = ask(dataDir, { do: "status" });
  const refused = expect(answer).rejects.toThrow("Homeroster did not answer in 5 s.");
  await vi.advanceTimersByTimeAsync(5000);
  await refused;
});

test("in a data directory that is a file none runs", async () => {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-status-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "file");
  await writeFile(file, "");
  expect(await ask(file, { do: "status" })).toBeUndefined();
});
