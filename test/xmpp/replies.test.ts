import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Replies } from "../../src/xmpp/replies.js";
import { el } from "../../src/xmpp/xml.js";

const request = el("iq", { type: "get", id: "r1", from: "iot.house.test", to: "Owner@house.test/Phone" });
const reply = { id: "r1", type: "result", from: "owner@house.test/Phone", to: "iot.house.test" };
const isPending = async (promise: Promise<unknown>) =>
  (await Promise.race([promise, Promise.resolve("pending")])) === "pending";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("resolves with the result from whom was asked, however its address is written", async () => {
  const replies = new Replies();
  const result = replies.expect(request, 1000);
  replies.settle(el("iq", reply));
  expect((await result).attrs.type).toBe("result");
  expect(vi.getTimerCount()).toBe(0);
});

test("ignores a forged reply and still takes the real one", async () => {
  const replies = new Replies();
  const result = replies.expect(request, 1000);
  const forged = [
    { ...reply, from: "mallory@house.test/Phone" },
    { ...reply, from: "owner@house.test/phone" },
    { ...reply, from: "owner@house.test" },
    { ...reply, from: undefined },
    { ...reply, to: "lamp@iot.house.test" },
    { ...reply, id: "r2" },
    { ...reply, type: "error", from: "mallory@house.test" },
  ];
  for (const attributes of forged) replies.settle(el("iq", attributes));
  expect(await isPending(result)).toBe(true);
  replies.settle(el("iq", reply, el("real", {})));
  expect(`${await result}`).toContain("<real/>");
});

test("rejects with the peer's own error, also when that is empty", async () => {
  const replies = new Replies();
  const result = replies.expect(request, 1000);
  replies.settle(el("iq", { ...reply, type: "error" }));
  await expect(result).rejects.toMatchObject({ type: "cancel", condition: "undefined-condition" });
});

test("rejects when there is no reply in time", async () => {
  const result = new Replies().expect(request, 1000);
  const outcome = expect(result).rejects.toMatchObject({ type: "wait", condition: "remote-server-timeout" });
  await vi.advanceTimersByTimeAsync(1000);
  await outcome;
});

test("rejects all that wait when the link goes down", async () => {
  const replies = new Replies();
  const results = [
    replies.expect(request, 1000),
    replies.expect(el("iq", { ...request.attrs, id: "r2" }), 1000),
  ];
  replies.failAll("gone");
  for (const result of results)
    await expect(result).rejects.toMatchObject({ condition: "remote-server-timeout" });
  expect(vi.getTimerCount()).toBe(0);
});
