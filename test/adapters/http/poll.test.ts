import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HttpFailure } from "../../../adapters/http/client/failure.js";
import type { HttpAnswer, RequestOptions } from "../../../adapters/http/client/request.js";
import { Poll } from "../../../adapters/http/poll.js";

// Time itself is what is looked at here; the client and real servers have tests of their own.
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const ok: HttpAnswer = { status: 200, headers: {}, body: new Uint8Array(), isUnchanged: false };
const request = { method: "GET", url: new URL("http://lamp/"), headers: {}, timeout: 5_000, limit: 1_000 };

/** A poll every 10 s whose requests take so long; a failure is an answer of "no". */
function aPoll(
  answers: () => { readonly after: number; readonly isGood?: boolean; readonly retryAfter?: number },
) {
  const begun = performance.now();
  const asked: number[] = [];
  const conditional: boolean[] = [];
  const client = {
    request: (_: unknown, { isConditional = false, signal }: RequestOptions) => {
      asked.push(Math.round((performance.now() - begun) / 100) / 10);
      conditional.push(isConditional);
      const { after, isGood = true, retryAfter } = answers();
      return new Promise<HttpAnswer>((resolve, reject) => {
        const refuse = () => reject(new HttpFailure("unreachable", "lamp is away", { retryAfter }));
        signal.addEventListener("abort", refuse);
        setTimeout(() => (isGood ? resolve(ok) : refuse()), after);
      });
    },
  };
  const heard: string[] = [];
  const poll = new Poll(
    client,
    { request, every: 10_000 },
    { onAnswer: () => heard.push("answer"), onFailure: (_, failures) => heard.push(`failure ${failures}`) },
  );
  poll.start();
  return { poll, asked, conditional, heard };
}

test("asks on the beat, whatever an answer takes, and for changes only", async () => {
  const { asked, conditional, poll } = aPoll(() => ({ after: 3_000 }));
  await vi.advanceTimersByTimeAsync(35_000);
  expect(asked).toEqual([0, 10, 20, 30]);
  expect(conditional).toEqual([true, true, true, true]);
  poll.stop();
  expect(vi.getTimerCount()).toBeLessThan(2);
});

test("what takes too long is left out, and never under way twice", async () => {
  const { asked, poll } = aPoll(() => ({ after: 24_000 }));
  await vi.advanceTimersByTimeAsync(65_000);
  expect(asked).toEqual([0, 30, 60]);
  poll.stop();
});

test("after failures it waits longer, and goes back to the beat after a good answer", async () => {
  const goods = [false, false, false, true];
  const { asked, heard, poll } = aPoll(() => ({ after: 0, isGood: goods.shift() ?? true }));
  await vi.advanceTimersByTimeAsync(45_000);
  // At random 0 a pause is half of what it may be; lost, it is the interval at least.
  expect(asked).toEqual([0, 2.5, 7.5, 17.5, 27.5, 37.5]);
  expect(heard.slice(0, 4)).toEqual(["failure 1", "failure 2", "failure 3", "answer"]);
  poll.stop();
});

test("a reading that is wanted now begins after the one that is under way, and is whole", async () => {
  const { asked, conditional, heard, poll } = aPoll(() => ({ after: 2_000 }));
  await vi.advanceTimersByTimeAsync(1_000);
  const [first, second] = [poll.readAgain(), poll.readAgain()];
  await vi.advanceTimersByTimeAsync(3_000);
  await Promise.all([first, second]);
  expect(asked).toEqual([0, 2]);
  expect(conditional).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(asked).toEqual([0, 2, 10]);
  expect(heard).toEqual(["answer", "answer"]);
  poll.stop();
});

test("who is asked to wait asks nothing before, whoever wants to read", async () => {
  const answers = [{ after: 0, isGood: false, retryAfter: 60_000 }];
  const { asked, poll } = aPoll(() => answers.shift() ?? { after: 0 });
  await vi.advanceTimersByTimeAsync(1_000);
  await poll.readAgain();
  poll.hurry();
  poll.pace(1_000);
  await vi.advanceTimersByTimeAsync(58_000);
  expect(asked).toEqual([0]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(asked).toEqual([0, 60]);
  poll.stop();
});

test("hurries at once when it has not asked for a while, and else not sooner than 5 s after the last time", async () => {
  const { asked, poll } = aPoll(() => ({ after: 0 }));
  await vi.advanceTimersByTimeAsync(7_000);
  poll.hurry();
  poll.hurry();
  await vi.advanceTimersByTimeAsync(1_000);
  poll.hurry();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([0, 7, 12]);
  poll.stop();
});

test("says nothing more once it is stopped", async () => {
  const { heard, poll } = aPoll(() => ({ after: 2_000 }));
  await vi.advanceTimersByTimeAsync(1_000);
  poll.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([]);
  await poll.readAgain();
});
