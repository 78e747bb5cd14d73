import { expect, test } from "vitest";
import { auth } from "../../../../adapters/http/client/auth.js";
import { tls } from "../../../../adapters/http/client/tls.js";
import { problemsOf } from "../../../../src/schema.js";

const pem = "-----BEGIN CERTIFICATE-----\n";
const digits = "b25468c6a93a702797edd1b6a06893c0d576d40fe8973129188d6f869ea6b1b4";
const pinned =
  "B2:54:68:C6:A9:3A:70:27:97:ED:D1:B6:A0:68:93:C0:D5:76:D4:0F:E8:97:31:29:18:8D:6F:86:9E:A6:B1:B4";

test.each([digits, digits.toUpperCase(), pinned, `sha256 Fingerprint=${pinned}`, `SHA256:${pinned}`])(
  "a fingerprint may be written as %s",
  (fingerprint) => {
    expect(tls.parse({ fingerprint })).toEqual({ fingerprint: pinned });
  },
);

test.each([
  [{ fingerprint: "b2:54" }, "fingerprint", "is no SHA-256 fingerprint; write its 64 hexadecimal digits"],
  [{ fingerprint: pinned, ca: pem }, "ca", "is of no use beside `fingerprint`"],
  [{ ca: "/nowhere/ca.pem" }, "ca", "is neither PEM text nor a file"],
  [{ cert: pem }, "cert", "needs its `key`"],
  [{ key: pem }, "key", "needs its `cert`"],
  [{ servername: "192.0.2.7" }, "servername", "write the name that stands in the certificate"],
  [{ rejectUnauthorized: false }, "rejectUnauthorized", "unknown key"],
])("of the TLS words %j it is said what is wrong at %s", (given, path, message) => {
  const { error } = tls.safeParse(given);
  const problems = error === undefined ? [] : problemsOf(error);
  expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
  expect(problems[0]?.message).toContain(message);
});

test.each([
  [{ kind: "basic", username: "me", password: "" }],
  [{ kind: "digest", username: "Jäsøn: Doe", password: "x" }],
  [{ kind: "bearer", token: "t" }],
  [{ kind: "header", name: "X-Api-Key", value: "k" }],
])("a login may be %j", (given) => {
  expect(auth.parse(given)).toEqual(given);
});

test.each([
  [{}, "kind", "is missing; one of: basic, digest, bearer, header"],
  [{ kind: "bearr", token: "t" }, "kind", 'did you mean "bearer"?'],
  [{ kind: "basic", username: "a:b", password: "c" }, "username", "has a colon"],
  [{ kind: "basic", username: "a" }, "password", "is no text; put it in quotes"],
  [{ kind: "digest", username: 1, password: "a" }, "username", "put it in quotes"],
  [
    { kind: "bearer", token: "a", username: "b" },
    "username",
    'unknown key "username"; known here: kind, token',
  ],
  [{ kind: "bearer", token: "a\r\nX-Evil: 1" }, "token", "no header can carry"],
  [{ kind: "header", name: "X Key", value: "a" }, "name", "is no name of a header"],
  [{ kind: "header", name: "Content-Length", value: "5" }, "name", "belongs to the connection"],
  [{ kind: "header", name: "X-Key", value: "a\nb" }, "value", "no header can carry"],
])("of the login %j it is said what is wrong at %s", (given, path, message) => {
  const { error } = auth.safeParse(given);
  const problems = error === undefined ? [] : problemsOf(error);
  expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
  expect(problems[0]?.message).toContain(message);
});
