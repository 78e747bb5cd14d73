import { expect, test } from "vitest";
import { alike } from "../../../adapters/payload/alike.js";

const shared = alike((words: { readonly unit?: string; readonly read?: () => void }) => ({ words }));

test("equal words get the same result, others one of their own", () => {
  expect(shared({ unit: "W" })).toBe(shared({ unit: "W" }));
  expect(shared({ unit: "W" })).not.toBe(shared({ unit: "V" }));
});

test("functions are equal only to themselves", () => {
  const read = () => {};
  expect(shared({ read })).toBe(shared({ read }));
  expect(shared({ read })).not.toBe(shared({ read: () => {} }));
  expect(shared({ read })).not.toBe(shared({}));
});

test("what was asked for long ago is made anew, and nothing is mixed up", () => {
  const first = shared({ unit: "first" });
  for (let index = 0; index < 600; index += 1)
    expect(shared({ unit: `${index}` }).words).toEqual({ unit: `${index}` });
  expect(shared({ unit: "first" })).not.toBe(first);
  expect(shared({ unit: "first" })).toEqual(first);
});

test("words that differ in their functions alone are forgotten, too", () => {
  const read = () => {};
  const first = shared({ read });
  for (let index = 0; index < 600; index += 1) shared({ read: () => {} });
  expect(shared({ read })).not.toBe(first);
});

test("a failure is no result: it is told each time", () => {
  const failing = alike((text: string) => {
    throw new Error(text);
  });
  expect(() => failing("no")).toThrow("no");
  expect(() => failing("no")).toThrow("no");
});
