import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { LiveSettings } from "../../src/config/live-settings.js";
import type { Settings } from "../../src/config/settings.js";
import { RecordingLog } from "../support/recording-log.js";
import { aHouse } from "./house-files.js";

async function live(yaml: string) {
  const { file, load } = await aHouse(yaml);
  const applied: Settings[] = [];
  const followed: (readonly string[])[] = [];
  const log = new RecordingLog();
  const settings = new LiveSettings({
    started: await load(),
    load,
    follow: (files) => void followed.push(files.map((path) => path.replace(`${dirname(file)}/`, ""))),
    apply: async (next) => void applied.push(next),
    log,
  });
  const write = (text: string) => writeFile(file, text);
  return { settings, applied, followed, log, write, file };
}

test("takes what is right, and keeps the last good one where something is wrong", async () => {
  const { settings, applied, write, log, file } = await live("owners: [alice@example.org]\n");
  await write("owners: [bob@example.org]\n");
  await settings.reload();
  expect(settings.current.owners).toEqual(["bob@example.org"]);
  await write("owners: [bob@example.org]\npeople: 7\n");
  await settings.reload();
  expect([applied.length, settings.current.owners]).toEqual([1, ["bob@example.org"]]);
  const [problem] = settings.status().problems;
  expect(problem).toMatch(/homeroster\.yaml:2:9: people: /);
  expect(log.lines.map(({ level, message }) => [level, message])).toContainEqual(["error", problem]);
  await write("owners: [carol@example.org]\n");
  await settings.reload();
  expect(settings.status()).toEqual({ file, problems: [], restart: [] });
});

test("looks also at the files that a wrong configuration names, and at those that it misses", async () => {
  const { settings, followed, write } = await live("");
  await write("adapters: { b: { kind: mqtt, url: mqtt://b } }\ndevices: { lamp: { type: acme/lamp } }\n");
  await settings.reload();
  expect(settings.status().problems).toHaveLength(1);
  expect(followed).toEqual([["homeroster.yaml", "secrets.yaml", "devices/acme/lamp.yaml"]]);
});

test("says which changes wait for the next start, once, and takes the others", async () => {
  const { settings, applied, write, log } = await live("home: { name: One }\n");
  for (const _ of [1, 2]) {
    await write("home: { name: Two }\nowners: [bob@example.org]\n");
    await settings.reload();
  }
  expect(settings.status().restart).toEqual(["home"]);
  expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  expect(applied.at(-1)?.owners).toEqual(["bob@example.org"]);
  await write("home: { name: One }\n");
  await settings.reload();
  expect(settings.status().restart).toEqual([]);
});

test("a file that is gone changes nothing", async () => {
  const { settings, applied, file, log } = await live("owners: [alice@example.org]\n");
  const trial = new LiveSettings({
    started: settings.current,
    load: async () => ({ ...settings.current, file: undefined }),
    follow: () => {},
    apply: async (next) => void applied.push(next),
    log,
  });
  await trial.reload();
  expect(applied).toEqual([]);
  expect(trial.status().problems).toEqual([`${file}: is gone; put it back`]);
});

test("reads once more what changed while it was reading, and applies one after the other", async () => {
  const log = new RecordingLog();
  const started = await (await aHouse("")).load();
  const answers: ((settings: Settings) => void)[] = [];
  const steps: string[] = [];
  const settings = new LiveSettings({
    started,
    load: () => new Promise((resolve) => answers.push(resolve)),
    follow: () => {},
    apply: async ({ owners }) => void steps.push(owners.join()),
    log,
  });
  const done = [settings.reload(), settings.reload(), settings.reload()];
  answers[0]?.({ ...started, owners: ["first"] });
  await expect.poll(() => answers).toHaveLength(2);
  answers[1]?.({ ...started, owners: ["second"] });
  await Promise.all(done);
  expect(steps).toEqual(["first", "second"]);
});

test("what fails besides the configuration is told, too", async () => {
  const { settings, log } = await live("");
  const broken = new LiveSettings({
    started: settings.current,
    load: async () => Promise.reject(new Error("the disk is gone")),
    follow: () => {},
    apply: async () => {},
    log,
  });
  await broken.reload();
  expect(broken.status().problems).toEqual(["the disk is gone"]);
});
