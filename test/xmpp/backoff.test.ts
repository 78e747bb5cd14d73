import { expect, test } from "vitest";
import { Backoff, type FailureCause } from "../../src/xmpp/backoff.js";

const longest = () => new Backoff(() => 1);
const waits = (backoff: Backoff, cause: FailureCause, count: number) =>
  Array.from({ length: count }, () => backoff.next(cause) / 1000);

test("doubles from one second up to the limit of its cause", () => {
  expect(waits(longest(), "displaced", 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(waits(longest(), "refused", 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test("asks a server that is away, broke the stream, or holds a lost connection at least every 8 s", () => {
  expect(waits(longest(), "unreachable", 5)).toEqual([1, 2, 4, 8, 8]);
  expect(waits(longest(), "conflict", 5)).toEqual([1, 2, 4, 8, 8]);
  expect(waits(longest(), "broken", 5)).toEqual([1, 2, 4, 8, 8]);
});

test("spreads over the whole of a wait", () => {
  expect(waits(new Backoff(() => 0.25), "broken", 3)).toEqual([0.25, 0.5, 1]);
});

test("begins anew with another cause: a server that comes up may know us a moment later", () => {
  const backoff = longest();
  waits(backoff, "unreachable", 20);
  expect(backoff.next("refused")).toBe(1000);
});

test("begins anew only after a stream that lived", () => {
  const backoff = longest();
  waits(backoff, "broken", 3);
  backoff.lived(29_000);
  expect(backoff.next("broken")).toBe(8000);
  backoff.lived(30_000);
  expect(backoff.next("broken")).toBe(1000);
});
