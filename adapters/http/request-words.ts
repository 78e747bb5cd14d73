import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import { bodyFault, bodyFormOf, contentTypes } from "./body-form.js";
import { type Auth, headers, lowerCase } from "./client/auth.js";
import type { Tls } from "./client/tls.js";
import { urlFault } from "./url.js";

/** A request as the addresses have it; the settings of the adapter fill in what they leave out. */
export interface RequestDraft {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly auth: Auth | undefined;
  readonly tls: Tls | undefined;
  /** Milliseconds. */
  readonly timeout: number | undefined;
}

export const url = z.string("is no URL; write for example http://192.0.2.7/status");

/** The words of a request that stand beside others, its URL among them. */
export const requestShape = {
  url: url.exactOptional(),
  method: z
    .enum(["GET", "POST", "PUT", "PATCH", "DELETE"])
    .describe("Default: GET, with a body POST.")
    .exactOptional(),
  headers: headers.exactOptional(),
  body: z.string("is no text; put it in quotes").exactOptional(),
  contentType: z
    .string("is no text; put it in quotes")
    .regex(/^[\w.+-]+\/[\w.+-]+(;[\t\x20-\x7e]*)?$/, "is no media type; write for example application/json")
    .describe("What the body is. Default: as it looks, which may be JSON, XML, a form or text.")
    .exactOptional(),
};
export type RequestWords = z.output<z.ZodObject<typeof requestShape>>;

/** What is wrong with a request that has a URL, or with words that wait for one. */
export function requestProblems(words: RequestWords): Problem[] {
  const problems: Problem[] = [];
  const wrong = (word: keyof RequestWords, message: string | undefined) => {
    if (message !== undefined) problems.push({ path: [word], message });
  };
  const { url: text, method, headers: given = {}, body, contentType } = words;
  if (text === undefined) {
    for (const word of ["method", "body", "contentType"] as const) {
      if (words[word] !== undefined) wrong(word, "needs a `url` beside it");
    }
    return problems;
  }
  wrong("url", urlFault(text));
  if (method === "GET" && body !== undefined)
    wrong("body", "does not go with GET; write method: POST, or what the device wants");
  if (body !== undefined) wrong("body", bodyFault(body, contentType));
  else if (contentType !== undefined) wrong("contentType", "needs a `body` beside it");
  for (const [name, value] of Object.entries(given)) {
    if (value.includes("{value}"))
      wrong("headers", `${name} has {value} in it; a value goes into the URL or the body`);
    if (contentType !== undefined && /^content-type$/i.test(name))
      wrong("contentType", "stands in `headers`, too; one is enough");
  }
  return problems;
}

/** What every request of a device has in common. */
export interface DeviceWords {
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: Auth | undefined;
  readonly tls: Tls | undefined;
  readonly timeout: number | undefined;
}

export function draftOf(words: RequestWords & { readonly url: string }, device: DeviceWords): RequestDraft {
  const { body, contentType } = words;
  const all = { ...lowerCase(device.headers), ...lowerCase(words.headers ?? {}) };
  const type =
    contentType ??
    (body === undefined ? undefined : (all["content-type"] ?? contentTypes[bodyFormOf(body, undefined)]));
  return {
    ...device,
    method: words.method ?? (body === undefined ? "GET" : "POST"),
    url: words.url,
    headers: type === undefined ? all : { ...all, "content-type": type },
    body,
  };
}
