import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hook } from "../../../../adapters/http/hooks/settings.js";
import { problemsOf } from "../../../../src/schema.js";

const token = "9wNXw3Wl5dC0Yz0yT6gTt4Wn8yDOQyrf8u2QmS1pRcE";
const digest = createHash("sha256").update(token).digest();
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function sentences(given: unknown): readonly string[] {
  const { error } = hook.safeParse(given);
  return error === undefined
    ? []
    : problemsOf(error).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("a token is the same whether it is written itself or by its hash", () => {
  const expected = { name: "bell", key: { kind: "token", digest }, methods: ["POST"] };

  expect(hook.parse({ name: "bell", token })).toEqual(expected);
  expect(hook.parse({ name: "bell", token: `sha256:${digest.toString("hex")}` })).toEqual(expected);
  expect(hook.parse({ name: "bell", token: "0123456789abcdef".repeat(4) }).key.kind).toBe("token");
});

test("a secret for signatures is that of Standard Webhooks", () => {
  expect(hook.parse({ name: "gate", hmac: secret }).key).toEqual({
    kind: "signature",
    secret: Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64"),
  });
});

test("GET is taken beside POST where the configuration says so", () => {
  expect(hook.parse({ name: "bell", token, method: "get" }).methods).toEqual(["GET", "POST"]);
});

test.each([
  [
    { name: "Bell ringer", token },
    "name: is no name; take small letters, digits and dashes, such as doorbell",
  ],
  [
    { name: "bell" },
    ": needs a `token` (`homeroster hook NAME` makes one) or, for a sender that signs, `hmac`",
  ],
  [{ name: "bell", token, hmac: secret }, "hmac: stands beside `token`; one of them is enough"],
  [
    { name: "bell", hmac: secret, method: "get" },
    "method: does not fit `hmac`: a signature is over a body, which get does not have; take a `token`",
  ],
  [
    { name: "bell", token, method: "put" },
    "method: is no method for a webhook; post, or get for a device that can only open a URL",
  ],
  [
    { name: "bell", token: "swordfish" },
    "token: is too short: a token has 256 random bits, which are 43 characters, or 64 hexadecimal ones; `homeroster hook NAME` makes one",
  ],
  [
    { name: "bell", token: "0123456789abcdef".repeat(3) },
    "token: is too short: a token has 256 random bits, which are 43 characters, or 64 hexadecimal ones; `homeroster hook NAME` makes one",
  ],
  [
    { name: "bell", token: "a sentence of more than forty-three characters is no token" },
    "token: cannot be sent as a token; it has letters, digits and - . _ ~ + / only; `homeroster hook NAME` makes one",
  ],
  [
    { name: "bell", token: "sha256:12" },
    "token: is no hash; sha256: is followed by 64 hexadecimal characters",
  ],
  [{ name: "bell", token: 42 }, "token: is no token; `homeroster hook NAME` makes one"],
  [
    { name: "bell", hmac: "whsec_dG9vIHNob3J0" },
    'hmac: is no secret of a webhook; write "whsec_" and the Base64 of 24 to 64 random bytes: openssl rand -base64 32',
  ],
  [
    { name: "bell", hmac: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
    'hmac: is no secret of a webhook; write "whsec_" and the Base64 of 24 to 64 random bytes: openssl rand -base64 32',
  ],
  [{ name: "bell", tocken: token }, 'tocken: unknown key "tocken"; did you mean "token"?'],
])("%j is refused with what would be right", (given, sentence) => {
  expect(sentences(given)).toEqual([sentence]);
});
