import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PingBarrier } from "../../src/xmpp/ping-barrier.js";
import { el } from "../../src/xmpp/xml.js";

const domain = "iot.house.test";
const timing = { pingEvery: 15_000, pingTimeout: 10_000 };

function aBarrier() {
  const ids: string[] = [];
  let silences = 0;
  const barrier = new PingBarrier(domain, timing, {
    ping: (text) => ids.push(/id="([^"]+)"/.exec(text)?.[1] ?? ""),
    silence: () => silences++,
  });
  const take = (id: string | undefined, from = domain) =>
    barrier.take(el("iq", { type: "get", id, from, to: domain }));
  const send = (count: number) => {
    for (let index = 0; index < count; index++) barrier.onSent();
  };
  return { barrier, ids, take, send, silences: () => silences };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("pings a silent link every 15 s, and takes what comes back", async () => {
  const { ids, take, silences } = aBarrier();
  for (let count = 1; count <= 4; count++) {
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ids).toHaveLength(count);
    expect(take(ids.at(-1))).toBe(true);
  }
  expect(silences()).toBe(0);
});

test("calls a server silent 10 s after the ping that it did not return", async () => {
  const { silences } = aBarrier();
  await vi.advanceTimersByTimeAsync(24_999);
  expect(silences()).toBe(0);
  await vi.advanceTimersByTimeAsync(2);
  expect(silences()).toBe(1);
});

test("lets nobody answer who is not the server's echo of ourselves", async () => {
  const { ids, take, silences } = aBarrier();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(take(ids[0], "mallory@house.test")).toBe(false);
  expect(take("guessed")).toBe(false);
  await vi.advanceTimersByTimeAsync(10_001);
  expect(silences()).toBe(1);
});

test("pings after every 64 stanzas and is full at 256 that are unacknowledged", () => {
  const { barrier, ids, send, take } = aBarrier();
  send(63);
  expect(ids).toHaveLength(0);
  send(1);
  expect(ids).toHaveLength(1);
  send(191);
  expect(barrier.isFull).toBe(false);
  send(1);
  expect(ids).toHaveLength(4);
  expect(barrier.isFull).toBe(true);
  vi.advanceTimersByTime(50);
  expect(take(ids[0])).toBe(true);
  expect(barrier.isFull).toBe(false);
  send(64);
  expect(barrier.isFull).toBe(true);
  vi.advanceTimersByTime(50);
  take(ids[4]);
  send(255);
  expect(barrier.isFull).toBe(false);
});

/** Sends until it is full; returns how many that were. */
function fill({ barrier, send }: ReturnType<typeof aBarrier>): number {
  let count = 0;
  for (; !barrier.isFull; count++) send(1);
  return count;
}

test("lets a server that answers at once have more, up to 1,024, and one that is slow half of it, down to 256", () => {
  const all = aBarrier();
  const answer = (after: number) => {
    vi.advanceTimersByTime(after);
    all.take(all.ids.at(-1));
  };
  expect(fill(all)).toBe(256);
  answer(5);
  expect(fill(all)).toBe(320);
  for (let round = 0; round < 50; round++) {
    answer(5);
    fill(all);
  }
  answer(5);
  expect(fill(all)).toBe(1_024);
  answer(300);
  expect(fill(all)).toBe(512);
  for (let round = 0; round < 5; round++) {
    answer(300);
    fill(all);
  }
  answer(300);
  expect(fill(all)).toBe(256);
});

test("gives the server time anew for the pings that follow one it returned", async () => {
  const { ids, take, send, silences } = aBarrier();
  send(128);
  await vi.advanceTimersByTimeAsync(8_000);
  take(ids[0]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(silences()).toBe(0);
  await vi.advanceTimersByTimeAsync(2_001);
  expect(silences()).toBe(1);
});

test("knows whether any ping has come back", () => {
  const { barrier, ids, take } = aBarrier();
  barrier.ping();
  expect(barrier.hasReturned).toBe(false);
  take("guessed");
  expect(barrier.hasReturned).toBe(false);
  take(ids[0]);
  expect(barrier.hasReturned).toBe(true);
});

test("leaves no timer behind", () => {
  const { barrier, send } = aBarrier();
  send(64);
  barrier.stop();
  expect(vi.getTimerCount()).toBe(0);
});
