import { expect, test } from "vitest";
import { parseJsonBody } from "../../src/http/json-body.js";

test("a body within the limits is read", () => {
  expect(parseJsonBody(Buffer.from('{"value": "öffnen"}'))).toEqual({ value: "öffnen" });
});

test("what the limits refuse is a problem with the same words", () => {
  expect(() => parseJsonBody(Buffer.from('{"value": 1, "value": 2}'))).toThrow(
    expect.objectContaining({
      name: "HttpProblem",
      code: "request-invalid",
      message: "The JSON has the same key twice in one object.",
    }),
  );
});

test("bytes that are not UTF-8 are refused", () => {
  expect(() => parseJsonBody(Uint8Array.of(0x22, 0xff, 0x22))).toThrow("The body is not UTF-8.");
});
