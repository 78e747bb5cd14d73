import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exitOfError, exitOfReceipt } from "../../src/cli/exit-code.js";
import { send } from "../../src/cli/send.js";
import type { SendAnswer } from "../../src/control/answers.js";
import type { ControlRequest } from "../../src/control/requests.js";
import { ControlSocket } from "../../src/control/socket.js";
import type { Receipt } from "../../src/core/command.js";
import { listenToProcess } from "./said.js";

let dataDir: string;
let socket: ControlSocket | undefined;
let said: { out: string; err: string };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "homeroster-send-"));
  said = listenToProcess();
});

afterEach(async () => {
  await socket?.close();
  socket = undefined;
  await rm(dataDir, { recursive: true });
});

const command = { device: "front-door", channel: "lock", value: "unlock" };
const receipt: Receipt = { command: "c1", device: "front-door", channel: "lock", receipt: "confirmed" };
const needsCode: SendAnswer = {
  receipt: {
    ...receipt,
    receipt: "refused",
    code: "confirmation-required",
    confirm: "4821",
    expiresAt: 30_000,
  },
  sentence: "Confirm with the code 4821 within 30 s.",
  deed: "unlock Front door",
};
const done: SendAnswer = { receipt, sentence: "Front door is unlocked." };

/** A gateway that wants the code 4821. */
async function aDoor(): Promise<ControlRequest[]> {
  const asked: ControlRequest[] = [];
  socket = await ControlSocket.open(dataDir, (request) => {
    asked.push(request);
    return request.do === "send" && request.confirm === "4821" ? done : needsCode;
  });
  return asked;
}

test("tells what became of it on standard output, and ends with 0", async () => {
  await aDoor();
  expect(await send({ dataDir, ...command, confirm: "4821", json: false }, {})).toBe(0);
  expect(said).toEqual({ out: "Front door is unlocked.\n", err: "" });
});

test("asks who is there for the code, and acts on it", async () => {
  const asked = await aDoor();
  const ask = vi.fn(async () => " 4821 ");
  expect(await send({ dataDir, ...command, json: false }, { ask })).toBe(0);
  expect(ask).toHaveBeenCalledWith("Unlock Front door? Type the code 4821: ");
  expect(said).toEqual({ out: "Front door is unlocked.\n", err: "" });
  expect(asked).toEqual([
    { do: "send", ...command },
    { do: "send", ...command, confirm: "4821" },
  ]);
});

const notTheCode = "That is not the code; nothing was done.\n";

test.each([
  ["yes", notTheCode],
  ["", notTheCode],
  [undefined, "\nNothing was done.\n"],
])("does nothing when the answer is %j", async (typed, err) => {
  const asked = await aDoor();
  expect(await send({ dataDir, ...command, json: false }, { ask: async () => typed })).toBe(28);
  expect(said).toEqual({ out: "", err });
  expect(asked).toHaveLength(1);
});

test("says how to go on where nobody can be asked", async () => {
  await aDoor();
  expect(await send({ dataDir, ...command, json: false }, {})).toBe(28);
  expect(said).toEqual({
    out: "",
    err: "Unlock Front door? Repeat this within 30 s with --confirm 4821\n",
  });
});

test("programs get the receipt", async () => {
  await aDoor();
  expect(await send({ dataDir, ...command, json: true }, { ask: async () => "4821" })).toBe(28);
  expect(JSON.parse(said.out)).toEqual({
    ...receipt,
    receipt: "refused",
    code: "confirmation-required",
    confirm: "4821",
    expiresAt: "1970-01-01T00:00:30.000Z",
  });
});

test("ends with 3 where no gateway runs", async () => {
  expect(await send({ dataDir, ...command, json: false }, {})).toBe(3);
  expect(said.err).toBe(`Homeroster is not running in ${dataDir}.\n`);
});

test("the exit code tells a script what to do next", () => {
  const of = (part: Partial<Receipt>) => exitOfReceipt({ ...receipt, ...part });
  expect([of({ receipt: "sent" }), of({ receipt: "sent", code: "superseded" })]).toEqual([0, 0]);
  expect([of({ receipt: "timed-out" }), of({ receipt: "failed", code: "adapter-failed" })]).toEqual([69, 69]);
  expect(of({ receipt: "refused", code: "device-offline" })).toBe(69);
  expect(of({ receipt: "refused", code: "value-invalid" })).toBe(65);
  expect(of({ receipt: "refused", code: "channel-read-only" })).toBe(64);
  expect(of({ receipt: "refused", code: "busy" })).toBe(75);
  expect(of({ receipt: "expired", code: "deadline-passed" })).toBe(75);
  expect(exitOfError("device-unknown")).toBe(64);
});
