import { expect, test } from "vitest";
import { connectionFaultOf } from "../../src/core/unreachable.js";

function systemError(code: string, fields: object = {}): Error {
  return Object.assign(new Error("words of a library"), { code, ...fields });
}

test.each([
  ["ECONNREFUSED", {}, "nothing listens there", false],
  ["ENOTFOUND", {}, "there is no host of that name", false],
  ["CERT_HAS_EXPIRED", {}, "no TLS connection with it: its certificate has expired; check `tls`", true],
  [
    "ERR_SSL_X",
    { reason: "no shared cipher" },
    "no TLS connection with it: no shared cipher; check `tls`",
    true,
  ],
  ["EPROTO", {}, "no TLS connection with it: words of a library; check `tls`", true],
])("%s with %j is told as %j", (code, fields, text, isTls) => {
  expect(connectionFaultOf(systemError(code, fields))).toEqual({ text, isTls });
});

test("what is no error of a connection is left to whoever knows it", () => {
  expect(connectionFaultOf(systemError("ENOENT"))).toBeUndefined();
  expect(connectionFaultOf("ECONNREFUSED")).toBeUndefined();
});
