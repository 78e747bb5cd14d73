import { z } from "zod";
import { strict } from "../../../src/schema.js";

const text = z.string("is no text; put it in quotes").min(1, "is empty");
// What it may hold ends up in a header: RFC 9110 §5.5.
const headerText = text.regex(/^[\t\x20-\x7e]*$/, "has characters that no header can carry");
const credentials = {
  username: text,
  password: z.string("is no text; put it in quotes").describe("Best as !secret NAME."),
};

const framing = [
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
];

const headerName = text
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, "is no name of a header; write for example X-Api-Key")
  .refine((name) => !framing.includes(name.toLowerCase()), "belongs to the connection, and cannot be set");

/** Headers that the configuration gives. */
export const headers = z.record(
  headerName,
  headerText,
  "is no section; write for example { X-Api-Key: !secret key }",
);

/** Headers by their names in lower case. */
export function lowerCase(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

/** How a device is told who asks. */
export const auth = z
  .discriminatedUnion("kind", [
    strict({ kind: z.literal("basic"), ...credentials }),
    strict({ kind: z.literal("digest"), ...credentials }),
    strict({ kind: z.literal("bearer"), token: headerText.describe("Best as !secret NAME.") }),
    strict({
      kind: z.literal("header"),
      name: headerName,
      value: headerText.describe("Best as !secret NAME."),
    }),
  ])
  .superRefine((given, context) => {
    if (given.kind === "basic" && given.username.includes(":")) {
      context.addIssue({
        code: "custom",
        path: ["username"],
        message: "has a colon in it, which basic cannot carry",
      });
    }
  });

export type Auth = z.output<typeof auth>;

/** The headers that are known before a challenge; digest has none. */
export function authHeaders(given: Auth | undefined): Record<string, string> {
  switch (given?.kind) {
    case "basic": {
      // RFC 7617 §2.1: UTF-8 is what servers expect today.
      const pair = Buffer.from(`${given.username}:${given.password}`, "utf8").toString("base64");
      return { authorization: `Basic ${pair}` };
    }
    case "bearer":
      return { authorization: `Bearer ${given.token}` };
    case "header":
      return { [given.name.toLowerCase()]: given.value };
    default:
      return {};
  }
}
