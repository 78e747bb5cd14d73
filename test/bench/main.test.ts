import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Row } from "../../bench/results.js";
import { packageRoot } from "../../src/package.js";

const directory = mkdtempSync(join(tmpdir(), "homeroster-bench-test-"));
let rows: readonly Row[];
let table: string;

beforeAll(() => {
  const run = (...parameters: string[]) =>
    spawnSync(process.execPath, parameters, { cwd: packageRoot, encoding: "utf8" });
  const compiled = run("node_modules/typescript/bin/tsc", "-p", "tsconfig.bench.json");
  expect(compiled.stdout).toBe("");
  const report = join(directory, "report.json");
  const least = ["--rounds", "1", "--seconds", "0.4", "--devices", "5", "--json", report];
  const { status, stdout, stderr } = run(".cache/bench/bench/main.js", ...least);
  expect(stderr).not.toMatch(/error/i);
  expect(status).toBe(0);
  rows = (JSON.parse(readFileSync(report, "utf8")) as { rows: Row[] }).rows;
  table = stdout;
}, 240_000);
afterAll(() => rmSync(directory, { recursive: true }));

function valuesOf(title: string): Row["values"] {
  const row = rows.find((other) => other.title === title);
  if (row === undefined) throw new Error(`there is no ${title}, but ${rows.map((other) => other.title)}`);
  return row.values;
}

test("the same client counts presence of the writer, the relay, the script and the gateway", () => {
  const values = valuesOf("presence, as many as possible");
  expect(Object.keys(values)).toEqual(["writer", "relay", "script", "gateway"]);
  for (const value of Object.values(values)) expect(value).toBeGreaterThan(0);
});

test("items of the writer and of the gateway arrive", () => {
  const { writer, gateway } = valuesOf("PubSub items, 16 under way");
  expect(writer).toBeGreaterThan(0);
  expect(gateway).toBeGreaterThan(0);
});

test("the relay, which leaves nothing out, delivers every update", () => {
  expect(valuesOf("at 1,000/s: delivered").relay).toBe(100);
});

test("commands are answered by all three", () => {
  expect(Object.keys(valuesOf("command, confirmed: p50"))).toEqual(["relay", "script", "gateway"]);
});

test("after an overload all that the gateway shows is new", () => {
  expect(valuesOf("overload, 5,000/s into PubSub: all fresh after").gateway).toEqual(expect.any(Number));
});

test("the table has a line for each measure, and names the machine", () => {
  for (const { title } of rows) expect(table).toContain(`| ${title} |`);
  expect(table).toMatch(/cores of .*Node v\d+.*Prosody \d.*Mosquitto \d/);
});
