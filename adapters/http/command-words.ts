import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueKind } from "../../src/core/value.js";
import { strict } from "../../src/schema.js";
import { bodyFault } from "./body-form.js";
import { type RequestWords, requestProblems, requestShape, url } from "./request-words.js";

const text = z.string("is no text; put it in quotes");

/** How a channel is told a value: by a request, or by a text over the WebSocket that its device is heard by. */
export const command = z
  .union(
    [
      url.transform((place): RequestWords & { readonly send?: string } => ({ url: place })),
      strict({
        ...requestShape,
        send: text.describe("What the WebSocket of `events` is told, instead of a request.").exactOptional(),
      }),
    ],
    {
      error:
        "is no request; write a URL, or for example { method: PUT, url: ..., body: '{\"on\": {value}}' }",
    },
  )
  .transform((words): CommandWords => words);
export type CommandWords = RequestWords & { readonly send?: string };

interface Surroundings {
  readonly kind: ValueKind;
  /** Whether the device has a WebSocket that can be told something. */
  readonly hasSocket: boolean;
}

/** Paths start at the address. */
export function commandProblems(
  words: { readonly command?: CommandWords; readonly position?: CommandWords },
  surroundings: Surroundings,
): readonly Problem[] {
  const problems = (["command", "position"] as const).flatMap((word) => {
    const given = words[word];
    const found = given === undefined ? [] : problemsOf(given, surroundings);
    return found.map(({ path, message }) => ({ path: [word, ...path], message }));
  });
  const { kind } = surroundings;
  if (words.position !== undefined && kind !== "cover")
    problems.push({ path: ["position"], message: `does not fit the kind ${kind}; it is for cover` });
  if (words.position !== undefined && words.command === undefined)
    problems.push({ path: ["position"], message: "needs a `command` beside it" });
  return problems;
}

function problemsOf(words: CommandWords, { kind, hasSocket }: Surroundings): readonly Problem[] {
  const { url: place, send, body = "" } = words;
  const problems = requestProblems(words);
  const wrong = (path: string[], message: string | undefined) => {
    if (message !== undefined) problems.push({ path, message });
  };
  if (place === undefined && send === undefined && problems.length === 0)
    wrong([], "needs a `url`, where the request goes");
  if (send !== undefined && place !== undefined)
    wrong(["send"], "stands beside `url`; one of them is enough");
  if (send !== undefined && !hasSocket) wrong(["send"], "needs a WebSocket in the `events` of the device");
  if (send !== undefined) wrong(["send"], bodyFault(send, undefined));
  if (kind !== "button" && !/\{(value|red|green|blue|x|y)\}/.test(`${place} ${body} ${send}`))
    wrong([], "has no {value} in it, so all values would be told alike");
  return problems;
}
