import { expect, test } from "vitest";
import { Window } from "../../src/xmpp/window.js";

const aWindow = () => new Window({ least: 4, most: 8, step: 3, quick: 10, slow: 50 });

test("grows by a step while it is used up and answers are quick, but not past the most", () => {
  const window = aWindow();
  expect(window.size).toBe(4);
  window.onAnswer(9, true);
  expect(window.size).toBe(7);
  window.onAnswer(9, true);
  expect(window.size).toBe(8);
});

test.each([
  ["is not used up", 9, false],
  ["is no longer quick", 10, true],
])("stays when it %s", (_, roundTrip, wasUsedUp) => {
  const window = aWindow();
  window.onAnswer(roundTrip, wasUsedUp);
  expect(window.size).toBe(4);
});

test("halves when an answer is slow, but not below the least", () => {
  const window = new Window({ least: 4, most: 64, step: 16, quick: 10, slow: 50 });
  window.onAnswer(9, true);
  for (const size of [10, 5, 4, 4]) {
    window.onAnswer(51, true);
    expect(window.size).toBe(size);
  }
});
