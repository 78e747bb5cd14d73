import { expect, test } from "vitest";
import { payloadOf } from "../../../../adapters/http/hooks/body.js";
import type { Hook } from "../../../../adapters/http/hooks/settings.js";
import { Payload } from "../../../../adapters/payload/payload.js";

const tokenHook: Hook = {
  name: "bell",
  key: { kind: "token", digest: new Uint8Array(32) },
  methods: ["GET", "POST"],
};
const signedHook: Hook = {
  name: "gate",
  key: { kind: "signature", secret: new Uint8Array(32) },
  methods: ["POST"],
};

interface Call {
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly query?: string;
  readonly hook?: Hook;
}

function read({ type, body = "", query = "", hook = tokenHook }: Call) {
  const headers = type === undefined ? {} : { "content-type": type };
  const request = {
    method: "POST" as const,
    headers,
    query: new URLSearchParams(query),
    body: Buffer.from(body),
  };
  const read = payloadOf(request, hook);
  return read instanceof Payload ? read.text : `${read.refused}: ${read.sentence}`;
}

const form = "application/x-www-form-urlencoded";

test.each([
  ["JSON as it came", { type: "application/json", body: '{"a": 1}' }, '{"a": 1}'],
  ["JSON under a name of its own", { type: "application/vnd.hue+json; charset=utf-8", body: "[1]" }, "[1]"],
  [
    "a form as an object",
    { type: form, body: "type=ring&count=2&who=J%C3%B6rg+B" },
    '{"type":"ring","count":"2","who":"Jörg B"}',
  ],
  ["JSON that came as a form", { type: form, body: ' {"a": 1}' }, ' {"a": 1}'],
  ["text", { type: "text/plain", body: "21.5 °C" }, "21.5 °C"],
  ["XML", { type: "application/xml", body: "<t>21</t>" }, "<t>21</t>"],
  ["what has no type", { body: "ON" }, "ON"],
  [
    "bytes that say that they are",
    { type: "application/octet-stream", body: Buffer.from([0xff, 65]) },
    "\ufffdA",
  ],
  [
    "the query of a call without a body, but not the token",
    { query: "token=abc&type=single_push&x=%C3%9F" },
    '{"type":"single_push","x":"ß"}',
  ],
  ["nothing of a call with neither", { query: "token=abc" }, ""],
  ["no query under a signature, which is not over it", { query: "type=ring", hook: signedHook }, ""],
] as const)("reads %s", (_what, call, text) => {
  expect(read(call)).toBe(text);
});

test.each([
  [{ type: "application/json", body: "{'a': 1}" }, `body-invalid: "{'a': 1}" is no JSON.`],
  [{ type: "application/json" }, 'body-invalid: "" is no JSON.'],
  [
    { type: "application/json", body: '{"a":1,"a":2}' },
    "body-invalid: The JSON has the same key twice in one object.",
  ],
  [
    { type: "application/json", body: `${"[".repeat(40)}${"]".repeat(40)}` },
    "body-invalid: The JSON is nested more than 32 levels deep.",
  ],
  [{ type: "application/json", body: Buffer.from([34, 0xc3, 34]) }, "body-invalid: The body is not UTF-8."],
  [{ type: "text/plain", body: Buffer.from([0xfc]) }, "body-invalid: The body is not UTF-8."],
  [{ type: form, body: "a=1&a=2" }, "body-invalid: The form has the same field twice."],
  [
    { type: form, body: "__proto__=1" },
    'body-invalid: The JSON has the key "__proto__", which is not allowed.',
  ],
  [{ query: "type=a&type=b" }, "body-invalid: The form has the same field twice."],
  [
    { type: "multipart/form-data; boundary=x", body: "--x" },
    "media-type-unsupported: A body of multipart/form-data is not read here; JSON, a form, text or XML would be.",
  ],
] as const)("refuses %j", (call, sentence) => {
  expect(read(call)).toBe(sentence);
});
