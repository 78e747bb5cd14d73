import { afterEach, expect, test, vi } from "vitest";
import type { GatewayErrorCode } from "../../src/core/errors.js";
import { anApp } from "./an-app.js";

afterEach(() => {
  vi.useRealTimers();
});

test("a command goes to the gateway under the token's principal and answers with its receipt", async () => {
  const { gateway, command } = await anApp();

  const reply = await command({ value: true, id: "abc", confirm: "4821" });

  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toEqual({ command: "command-1", receipt: "confirmed" });
  expect(gateway.executed).toEqual([
    {
      principal: "token:phone",
      request: { device: "kitchen-lamp", channel: "power", value: true, id: "abc", confirm: "4821" },
    },
  ]);
});

test("a command that failed at the device is no failed request", async () => {
  const { gateway, command } = await anApp();
  gateway.answer = () => ({ receipt: "failed", code: "adapter-failed", detail: "The broker said no." });

  const reply = await command({ value: true });

  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toMatchObject({ receipt: "failed", detail: "The broker said no." });
});

test.each<[GatewayErrorCode, number]>([
  ["value-invalid", 400],
  ["forbidden", 403],
  ["device-unknown", 404],
  ["channel-unknown", 404],
  ["channel-read-only", 409],
  ["busy", 409],
  ["superseded", 409],
  ["id-conflict", 409],
  ["confirmation-invalid", 412],
  ["device-offline", 503],
])("a refusal for %s is a problem with status %i", async (code, status) => {
  const { gateway, command } = await anApp();
  gateway.answer = () => ({ receipt: "refused", code, detail: "No." });

  const reply = await command({ value: 1 });

  expect(reply.statusCode).toBe(status);
  expect(reply.headers["content-type"]).toBe("application/problem+json");
  expect(reply.json()).toMatchObject({ status, code, detail: "No.", command: "command-1" });
});

test("a hazard is answered with the code to repeat and the moment it dies", async () => {
  const { gateway, command } = await anApp();
  gateway.answer = () => ({
    receipt: "refused",
    code: "confirmation-required",
    detail: "Confirm with the code 4821 within 30 s.",
    confirm: "4821",
    expiresAt: Date.UTC(2026, 10, 22, 8, 0, 30),
  });

  const reply = await command({ value: "unlock" });

  expect(reply.statusCode).toBe(428);
  expect(reply.json()).toMatchObject({
    code: "confirmation-required",
    confirm: "4821",
    expiresAt: "2026-11-22T08:00:30.000Z",
  });
});

test("after 5 s without a final receipt the command is accepted, and its receipt can be asked for", async () => {
  const { gateway, command, get } = await anApp();
  let finish: () => void = () => {};
  gateway.answer = () =>
    new Promise((resolve) => {
      finish = () => resolve({ receipt: "timed-out", detail: "No answer in 10 s; it may have happened." });
    });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const requested = command({ value: true });
  await vi.waitFor(() => expect(gateway.executed).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(5_000);
  const reply = await requested;
  vi.useRealTimers();

  expect(reply.statusCode).toBe(202);
  expect(reply.json()).toEqual({ command: "command-1", receipt: "accepted" });
  expect(reply.headers.location).toBe("/api/v1/commands/command-1");
  expect((await get("/api/v1/commands/command-1")).json()).toEqual(reply.json());

  finish();

  await expect
    .poll(async () => (await get("/api/v1/commands/command-1")).json())
    .toEqual({
      command: "command-1",
      receipt: "timed-out",
      detail: "No answer in 10 s; it may have happened.",
    });
});

test("the receipt of a command of somebody else is not told", async () => {
  const { command, tokens, app } = await anApp();
  await command({ value: true });
  const stranger = await tokens.create("tablet", "admin");

  const reply = await app.inject({
    url: "/api/v1/commands/command-1",
    headers: { host: "localhost", authorization: `Bearer ${stranger}` },
  });

  expect(reply.statusCode).toBe(404);
  expect(reply.json()).toMatchObject({ code: "command-unknown" });
});

test.each([
  ["a body without a value", {}, /A value is missing/],
  ["an array", [true], /should be an object/],
  ["a misspelt key", { value: true, confrim: "4821" }, /"confrim" is not known/],
  ["an id that is no text", { value: true, id: 7 }, /"id" should be a text/],
  ["an endless id", { value: true, id: "x".repeat(129) }, /"id" should be a text/],
])("%s never reaches the gateway", async (_what, body, sentence) => {
  const { gateway, command } = await anApp();

  const reply = await command(body);

  expect(reply.statusCode).toBe(400);
  expect(reply.json()).toMatchObject({ code: "request-invalid", detail: expect.stringMatching(sentence) });
  expect(gateway.executed).toEqual([]);
});
