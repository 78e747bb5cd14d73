import { createHash } from "node:crypto";
import { z } from "zod";
import { idPattern } from "../../../src/core/device.js";
import type { HookKey } from "../../../src/core/hook-proof.js";
import type { HookRequest } from "../../../src/core/hooks.js";
import { strict } from "../../../src/schema.js";

/** A webhook of a device: its name in the URL, and by what its caller is known. */
export interface Hook {
  readonly name: string;
  readonly key: HookKey;
  readonly methods: readonly HookRequest["method"][];
}

const howToMakeOne = "`homeroster hook NAME` makes one";

const name = z
  .string("is no name; write a word such as doorbell, which ends the URL: /hooks/doorbell")
  .regex(idPattern, "is no name; take small letters, digits and dashes, such as doorbell");

/** What nobody guesses: 256 bits are 43 characters of Base64 for URLs, or 64 hexadecimal ones. */
const token = z.string(`is no token; ${howToMakeOne}`).transform((written, context): HookKey => {
  const [, hash] = /^sha256:([0-9a-f]{64})$/i.exec(written) ?? [];
  if (hash !== undefined) return { kind: "token", digest: Buffer.from(hash, "hex") };
  const fault = tokenFault(written);
  if (fault === undefined) return { kind: "token", digest: createHash("sha256").update(written).digest() };
  context.addIssue(fault);
  return z.NEVER;
});

function tokenFault(written: string): string | undefined {
  if (written.startsWith("sha256:")) return "is no hash; sha256: is followed by 64 hexadecimal characters";
  if (!/^[\w.~+/-]+=*$/.test(written)) {
    return `cannot be sent as a token; it has letters, digits and - . _ ~ + / only; ${howToMakeOne}`;
  }
  const isHexadecimal = /^[0-9a-f]+$/i.test(written);
  if (written.length >= (isHexadecimal ? 64 : 43)) return undefined;
  return `is too short: a token has 256 random bits, which are 43 characters, or 64 hexadecimal ones; ${howToMakeOne}`;
}

const prefix = "whsec_";
const howToMakeASecret = 'write "whsec_" and the Base64 of 24 to 64 random bytes: openssl rand -base64 32';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const hmac = z.string(`is no secret; ${howToMakeASecret}`).transform((written, context): HookKey => {
  const base64 = written.startsWith(prefix) ? written.slice(prefix.length) : "";
  const secret = Buffer.from(base64, "base64");
  const isWhole = secret.toString("base64").replace(/=+$/, "") === base64.replace(/=+$/, "");
  if (isWhole && secret.length >= 24 && secret.length <= 64) return { kind: "signature", secret };
  context.addIssue(`is no secret of a webhook; ${howToMakeASecret}`);
  return z.NEVER;
});

/** The word `hook` in the address of a device. */
export const hook = strict({
  name: name.describe("The last part of the URL: /hooks/NAME."),
  token: token
    .describe("What the device sends to be known: the token itself (!secret), or sha256: and its hash.")
    .exactOptional(),
  hmac: hmac.describe("The secret of a sender that signs (standardwebhooks.com): whsec_...").exactOptional(),
  method: z
    .literal(
      ["post", "get"],
      "is no method for a webhook; post, or get for a device that can only open a URL",
    )
    .describe("get: GET does as well as POST.")
    .default("post"),
}).transform(({ name, token, hmac, method }, context): Hook => {
  // What seems to be missing may stand behind a misspelt key.
  if (context.issues.length > 0) return z.NEVER;
  const key = token ?? hmac;
  if (key === undefined) {
    context.addIssue(`needs a \`token\` (${howToMakeOne}) or, for a sender that signs, \`hmac\``);
    return z.NEVER;
  }
  if (token !== undefined && hmac !== undefined) {
    context.addIssue({
      code: "custom",
      path: ["hmac"],
      message: "stands beside `token`; one of them is enough",
    });
  }
  if (hmac !== undefined && method === "get") {
    context.addIssue({
      code: "custom",
      path: ["method"],
      message: "does not fit `hmac`: a signature is over a body, which get does not have; take a `token`",
    });
  }
  return { name, key, methods: method === "get" ? ["GET", "POST"] : ["POST"] };
});
