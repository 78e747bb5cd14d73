import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { adapterKinds } from "../../adapters/index.js";
import { exitCode } from "../../src/cli/exit-code.js";

const run = promisify(execFile);

let directory: string;

// The process under test is the compiled one.
beforeAll(() => run(process.execPath, ["scripts/setup.js"]));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-main-"));
});

afterEach(() => rm(directory, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function homeroster(...parameters: string[]): Promise<Ended> {
  const { HOMEROSTER_DATA: _, ...env } = process.env;
  return new Promise((settle) => {
    execFile(
      process.execPath,
      [resolve("bin/homeroster.js"), ...parameters],
      { cwd: directory, env },
      (error, stdout, stderr) => settle({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

function commandsIn(help: string): string[] {
  const [, list = ""] = help.split("Commands:");
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
}

test("tells its version and its commands", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  expect(await homeroster("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  const help = await homeroster("--help");
  expect(help.code).toBe(0);
  expect(commandsIn(help.stdout)).toEqual([
    "start",
    "check",
    "doctor",
    "status",
    "devices",
    "send",
    "invite",
    "hook",
    "token",
    "help",
  ]);
});

test("all that the help names is in the manual, with every exit code", async () => {
  const manual = await readFile("docs/command-line.md", "utf8");
  const { stdout: help } = await homeroster("--help");
  const commands = commandsIn(help);
  const helps = await Promise.all(
    [[], ...commands].map((command) => homeroster(...[command].flat(), "--help")),
  );
  const words = [...commands, ...helps.flatMap(({ stdout }) => stdout.match(/--[a-z]+/g) ?? [])];
  expect(words.length).toBeGreaterThan(10);
  const named = new Set(words.filter((word) => word !== "help"));
  expect([...named].filter((word) => !manual.includes(`\`${word}`))).toEqual([]);
  expect(Object.values(exitCode).filter((code) => !manual.includes(`\n| ${code} | `))).toEqual([]);
});

test.each([
  [["strat"], "error: unknown command 'strat'\n(Did you mean start?)\nSee homeroster --help.\n"],
  [["check", "--fast"], "error: unknown option '--fast'\nSee homeroster --help.\n"],
  [
    ["status", "now"],
    "error: too many arguments for 'status'. Expected 0 arguments but got 1.\nSee homeroster --help.\n",
  ],
])("a wrong use (%j) ends with 64", async (parameters, stderr) => {
  expect(await homeroster(...parameters)).toEqual({ code: 64, stdout: "", stderr });
});

test("five mistakes are five lines, and 78", async () => {
  await mkdir(join(directory, "config"));
  await writeFile(
    join(directory, "config/homeroster.yaml"),
    `home: { timezone: Mars/Olympus }
http: { lisen: 127.0.0.1:8480 }
adapters:
  broker: { kind: mqtt }
devices:
  Porch:
    adapter: brokr
    channels: { light: { value: switch, address: { state: a } } }
`,
  );
  const stderr = [
    "config/homeroster.yaml:1:19: home.timezone: is no time zone; write one such as Europe/Berlin",
    'config/homeroster.yaml:2:9: http.lisen: unknown key "lisen"; did you mean "listen"?',
    expect.stringMatching(/^config\/homeroster\.yaml:4:3: adapters\.broker\.url: /),
    'config/homeroster.yaml:6:3: devices.Porch: is no id (a-z, 0-9 and "-", 63 at most, no "-" in front); "porch" would be one',
    'config/homeroster.yaml:7:14: devices.Porch.adapter: "brokr" is not known here; did you mean "broker"? Known: broker',
    "",
  ];
  for (const command of ["check", "start"]) {
    const ended = await homeroster(command);
    expect({ ...ended, stderr: ended.stderr.split("\n").filter((line) => !line.startsWith("{")) }).toEqual({
      code: 78,
      stdout: "",
      stderr,
    });
  }
});

test("without a configuration, check says so, and what would run", async () => {
  const ended = await homeroster("check");
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(
    /^There is no config\/homeroster\.yaml; the built-in trial house would run: 2 adapters, \d+ devices, 0 groups\.\n$/,
  );
});

test("a named configuration that is not there ends with 78, with its path and the cure", async () => {
  expect(await homeroster("check", "--config", "/nowhere/house.yaml")).toEqual({
    code: 78,
    stdout: "",
    stderr:
      "/nowhere/house.yaml:1:1: there is no file /nowhere/house.yaml; correct the path behind --config, or leave it out for config/homeroster.yaml\n",
  });
});

test("the example can be used as it is", async () => {
  expect(await homeroster("check", "--config", resolve("config/homeroster.example.yaml"))).toEqual({
    code: 0,
    stdout: "The configuration can be used: 3 adapters, 4 devices, 1 group.\n",
    stderr: "",
  });
});

// Node finds other names in a CommonJS module than the tests' loader does.
test.each(adapterKinds)("the compiled program loads what the kind %s needs", async (kind) => {
  const file = join(directory, "house.yaml");
  await writeFile(file, `adapters: { it: { kind: ${kind}, nonsense: true } }\n`);
  const { stderr } = await homeroster("check", "--config", file);
  expect(stderr).toContain('adapters.it.nonsense: unknown key "nonsense"');
});

test("status ends with 3 when nothing runs", async () => {
  expect(await homeroster("status", "--json", "--data", "here")).toEqual({
    code: 3,
    stdout: "",
    stderr: "Homeroster is not running in here.\n",
  });
});
