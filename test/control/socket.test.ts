import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../../src/control/ask.js";
import { type Answerer, ControlSocket } from "../../src/control/socket.js";
import { GatewayError } from "../../src/core/errors.js";

let dataDir: string;
let socket: ControlSocket | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "homeroster-control-"));
});

afterEach(async () => {
  await socket?.close();
  socket = undefined;
  await rm(dataDir, { recursive: true });
});

async function aSocket(answer: Answerer): Promise<void> {
  socket = await ControlSocket.open(dataDir, answer);
}

/** What comes back for what is sent, whatever it is. */
async function rawly(...pieces: readonly string[]): Promise<string> {
  const client = connect(join(dataDir, "homeroster.sock"));
  client.setEncoding("utf8");
  let answer = "";
  client.on("data", (chunk) => {
    answer += chunk;
  });
  await once(client, "connect");
  for (const piece of pieces) client.write(piece);
  await once(client, "close");
  return answer;
}

function refusal(message: unknown, code = "value-invalid") {
  return { v: 1, error: { code, message } };
}

test("hands a request on whole, and its answer back", async () => {
  const asked: unknown[] = [];
  await aSocket((request) => {
    asked.push(request);
    return { devices: [], lines: {} };
  });
  expect(await ask(dataDir, { do: "devices" })).toEqual({ devices: [], lines: {} });
  const send = { do: "send", device: "lamp", channel: "power", value: "ön" } as const;
  await ask(dataDir, send);
  expect(asked).toEqual([{ do: "devices" }, send]);
});

test("an error of the gateway is the asker's error, code and all", async () => {
  await aSocket(() => {
    throw new GatewayError("device-unknown", "There is no such device.");
  });
  await expect(ask(dataDir, { do: "devices" })).rejects.toMatchObject({
    code: "device-unknown",
    message: "There is no such device.",
  });
});

test.each([
  ["status\n", "The request is no JSON."],
  ["[]\n", "The request is not understood: it is a list, but a section with keys is expected."],
  ['{"do":"status"}\n', "The request is not understood: v is missing; a number is expected here."],
  [
    '{"v":2,"do":"levitate"}\n',
    "The running gateway speaks version 1 of this protocol, not 2. Restart it, so that it is the same version as this command.",
  ],
  ['{"v":1,"do":"levitate"}\n', expect.stringMatching(/^The request is not understood: do .*levitate/)],
  ['{"v":1,"do":"status","loud":true}\n', expect.stringMatching(/unknown key "loud"/)],
  ['{"v":1,"do":"send","device":"lamp","channel":"power"}\n', expect.stringMatching(/value is missing/)],
  ["x".repeat(300_000), "The request is too long."],
])("refuses what is no request in a sentence (%#)", async (line, message) => {
  await aSocket(() => {
    throw new Error("nothing should come this far");
  });
  expect(JSON.parse(await rawly(line))).toEqual(refusal(message));
});

test("a request may come in pieces, and no more than one", async () => {
  const asked: unknown[] = [];
  await aSocket((request) => asked.push(request));
  expect(await rawly('{"v":1,', '"do":"status"}\n{"v":1,"do":"devices"}\n')).toBe('{"v":1,"result":1}\n');
  expect(asked).toEqual([{ do: "status" }]);
});

test("whoever says nothing, or not all, is not waited for", async () => {
  await aSocket(() => "never");
  expect(await Promise.all([rawly(), rawly('{"v":1')])).toEqual(["", ""]);
});

test("an answer that nobody fetches does not hold up the stop", async () => {
  await aSocket(() => "x".repeat(10_000_000));
  const client = connect(join(dataDir, "homeroster.sock"));
  client.write('{"v":1,"do":"status"}\n');
  await once(client, "readable");
  await socket?.close();
  socket = undefined;
  client.destroy();
});
