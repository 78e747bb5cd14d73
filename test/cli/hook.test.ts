import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { hook as hookWord } from "../../adapters/http/hooks/settings.js";
import { hook } from "../../src/cli/hook.js";
import { listenToProcess } from "./said.js";

test("prints a new token alone, and apart from it the line for the configuration, which has its hash", () => {
  const said = listenToProcess();

  expect(hook("doorbell")).toBe(0);

  expect(said.out).toMatch(/^[\w-]{43}\n$/);
  const token = said.out.trim();
  expect(said.err).not.toContain(token);
  const [line = ""] = /^ {2}hook: .*$/m.exec(said.err) ?? [];
  const digest = createHash("sha256").update(token).digest();
  expect(hookWord.parse(parse(line).hook)).toMatchObject({
    name: "doorbell",
    key: { kind: "token", digest },
  });
  expect(said.err).toContain("/hooks/doorbell");
});

test("refuses a name that no webhook can have", () => {
  expect(() => hook("Front door")).toThrow(
    '"Front door" cannot name a webhook; take small letters, digits and dashes, such as doorbell.',
  );
});
