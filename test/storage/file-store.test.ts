import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileStore } from "../../src/storage/file-store.js";

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "homeroster-store-"));
});

afterEach(() => {
  rmSync(data, { recursive: true, force: true });
});

test("a document that was written is there after a restart", async () => {
  await FileStore.open(data).write("presence", { "kitchen-lamp": "on · 40 %" });

  expect(FileStore.open(data).read("presence")).toEqual({ "kitchen-lamp": "on · 40 %" });
});

test("a document that nobody wrote is undefined", () => {
  expect(FileStore.open(data).read("presence")).toBeUndefined();
});

test("the directory is 0700 and a document 0600, also where they were wider before", async () => {
  mkdirSync(join(data, "state"), { mode: 0o755 });
  writeFileSync(join(data, "state/tokens.json"), "{}");
  chmodSync(join(data, "state/tokens.json"), 0o644);

  await FileStore.open(data).write("tokens", { tokens: [] });

  expect(statSync(join(data, "state")).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, "state/tokens.json")).mode & 0o777).toBe(0o600);
});

test("writes of one name end with the newest, and all who wait are told", async () => {
  const store = FileStore.open(data);
  const told: number[] = [];
  const writes = Array.from({ length: 50 }, (_, n) => store.write("count", n).then(() => told.push(n)));

  await Promise.all(writes);

  expect(store.read("count")).toBe(49);
  expect(told).toHaveLength(50);
});

test("a document written while another is under way is on disk when its own promise resolves", async () => {
  const store = FileStore.open(data);
  const first = store.write("count", 1);
  await Promise.resolve();
  await Promise.resolve();
  const second = store.write("count", 2);

  await first;
  await second;

  expect(store.read("count")).toBe(2);
});

test("a write that fails rejects for its own callers only, and the next one succeeds", async () => {
  const store = FileStore.open(data);
  mkdirSync(join(data, "state/count.json"));

  await expect(store.write("count", 1)).rejects.toThrow();
  rmSync(join(data, "state/count.json"), { recursive: true });
  await store.write("count", 2);

  expect(store.read("count")).toBe(2);
});

test("no other file stays beside the documents", async () => {
  writeFileSync(join(makeInside("state"), "epoch.json.new"), '{"epo');

  const store = FileStore.open(data);
  await store.write("epoch", { epoch: 1 });

  expect(readdirSync(join(data, "state"))).toEqual(["epoch.json"]);
});

test("a damaged document is named, with what to do, and is left as it is", () => {
  const path = join(makeInside("state"), "tokens.json");
  writeFileSync(path, '{"tokens": [');

  expect(() => FileStore.open(data).read("tokens")).toThrow(
    expect.objectContaining({
      code: "config-invalid",
      message: expect.stringMatching(`^${path} is damaged: .*remove it`),
    }),
  );
  expect(readFileSync(path, "utf8")).toBe('{"tokens": [');
});

test("a name cannot lead out of the directory", async () => {
  await expect(FileStore.open(data).write("../passwords", {})).rejects.toMatchObject({
    code: "value-invalid",
  });
});

function makeInside(name: string): string {
  const path = join(data, name);
  mkdirSync(path);
  return path;
}
