import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../src/cli/status-document.js";
import { GatewayProcess } from "../support/gateway-process.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

let gateway: GatewayProcess;
let status: StatusDocument;
let directory: string;
let examples: readonly string[];

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  status = await gateway.until(({ ready }) => ready);
  directory = await mkdtemp(join(tmpdir(), "homeroster-follow-"));
  await symlink(gateway.dataDir, join(directory, "data"));
  const text = await readFile(join(root, "docs/http.md"), "utf8");
  examples = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, example = ""]) =>
    example.replace("http://127.0.0.1:8480", status.http.url),
  );
});
afterAll(async () => {
  await gateway?.remove();
  await rm(directory, { recursive: true, force: true });
});

/**
 * Runs an example of docs/http.md as a reader would, after the two lines that all begin with. Where the answer does not end
 * by itself, it is read until it matches `until`.
 */
async function follow(containing: string, until?: RegExp): Promise<string> {
  const [beginning = "", ...others] = examples;
  const found = others.filter((example) => example.includes(containing));
  expect(found).toHaveLength(1);
  const script = `curl() { command curl --silent --show-error "$@"; }
npx() { shift; "${process.execPath}" "${root}/bin/homeroster.js" "$@"; }
set -euo pipefail
${beginning}${found[0]}`;
  const shell = spawn("bash", ["-c", script], {
    cwd: directory,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (until?.test(output) && shell.pid !== undefined) process.kill(-shell.pid);
  });
  const [code] = await once(shell, "close");
  expect(code).toBe(until === undefined ? 0 : null);
  return output;
}

test("lists the devices", async () => {
  const { devices } = JSON.parse(await follow("$URL/api/v1/devices\n"));
  expect(devices).toContainEqual(expect.objectContaining({ id: "kitchen-lamp", label: "Kitchen lamp" }));
});

test("shows one device", async () => {
  expect(JSON.parse(await follow("devices/kitchen-lamp\n"))).toMatchObject({
    id: "kitchen-lamp",
    channels: { power: { kind: "switch", state: { quality: "live" } } },
  });
});

test("switches a lamp on", async () => {
  expect(JSON.parse(await follow('{"value": "on"}'))).toMatchObject({ receipt: "confirmed" });
});

test("asks again what became of a command", async () => {
  expect(JSON.parse(await follow("COMMAND="))).toMatchObject({ receipt: "confirmed" });
});

test("unlocks the door with the code that it was given", async () => {
  expect(JSON.parse(await follow("DOOR="))).toMatchObject({ receipt: "confirmed" });
});

test("listens, and hears the state and the receipt of a command", async () => {
  const listening = follow('$TOKEN" $URL/api/v1/events', /event: receipt\n.*\n\n/);
  await expect.poll(async () => metric("homeroster_event_streams")).toBe("1");
  const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
  const answer = await fetch(`${status.http.url}/api/v1/devices/kitchen-lamp/channels/power/command`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ value: "toggle" }),
  });
  const { command } = (await answer.json()) as { command: string };

  const stream = await listening;
  expect(stream).toMatch(/^retry: 3000\nid: \d+-\d+\n\n/);
  expect(stream).toContain('event: state\ndata: {"device":"kitchen-lamp","channel":"power"');
  expect(stream).toContain(`event: receipt\ndata: {"command":"${command}","receipt":"confirmed"}`);
  const ids = [...stream.matchAll(/^id: \d+-(\d+)\nevent/gm)].map(([, seq]) => Number(seq));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test("resumes with an id of another run, and is told so with a snapshot of everything", async () => {
  const stream = await follow("Last-Event-ID: 7-4211", /\n\nid: \d+-\d+\n\n/);
  expect(stream).toContain('event: snapshot\ndata: {"reason":"other-epoch"}');
  expect(stream).toContain('event: availability\ndata: {"device":"front-door"');
});

test("fetches the OpenAPI document", async () => {
  await follow("homeroster-openapi.json");
  expect(JSON.parse(await readFile(join(directory, "homeroster-openapi.json"), "utf8"))).toMatchObject({
    openapi: "3.1.0",
  });
});

test("makes a token for Prometheus, and reads the metrics with it", async () => {
  const metrics = await follow("token create prometheus");
  expect(metrics).toMatch(/^homeroster_devices{availability="online"} [1-9]/m);
  expect(metrics).toMatch(/^homeroster_commands_total{receipt="confirmed"} [1-9]/m);
});

test("has a line of the table for each metric of its own", async () => {
  const text = await readFile(join(root, "docs/http.md"), "utf8");
  const metrics = await fetchMetrics();
  const names = [...metrics.matchAll(/^# TYPE (homeroster_\w+)/gm)].map(([, name]) => name);
  expect(names.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
});

async function fetchMetrics(): Promise<string> {
  const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
  const answer = await fetch(`${status.http.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return answer.text();
}

async function metric(name: string): Promise<string | undefined> {
  return new RegExp(`^${name} (.*)$`, "m").exec(await fetchMetrics())?.[1];
}
