import { messageOf } from "../../../src/core/errors.js";
import type { HookReply, HookRequest } from "../../../src/core/hooks.js";
import { refuse } from "../../../src/core/value-refusal.js";
import { Payload } from "../../payload/payload.js";
import type { Hook } from "./settings.js";

type Refused = Extract<HookReply, { readonly refused: string }>;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * What a call says, for channels to read: JSON, text and XML as they came, forms as a JSON object of their fields, and bytes
 * that say that they are bytes. Of a call without a body, its query.
 */
export function payloadOf({ headers, query, body }: HookRequest, { key }: Hook): Payload | Refused {
  const type = mediaTypeOf(headers["content-type"]);
  try {
    if (/^application\/octet-stream$|^image\//.test(type)) return new Payload(body);
    const text = textOf(body);
    if (isJson(type)) return jsonPayload(body);
    // No signature is over the query.
    if (text === "") return key.kind === "token" ? ofQuery(query) : new Payload(body);
    // Tools send JSON as a form when they are not told; no form begins with a brace.
    if (type === "application/x-www-form-urlencoded" && !/^\s*[{[]/.test(text)) {
      return formPayload([...new URLSearchParams(text)]);
    }
    if (isText(type)) return new Payload(body);
  } catch (error) {
    return { refused: "body-invalid", sentence: messageOf(error) };
  }
  const sentence = `A body of ${type} is not read here; JSON, a form, text or XML would be.`;
  return { refused: "media-type-unsupported", sentence };
}

function mediaTypeOf(header = ""): string {
  return (header.split(";", 1)[0] ?? "").trim().toLowerCase();
}

function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

function isText(type: string): boolean {
  return (
    type === "" ||
    type.startsWith("text/") ||
    type === "application/x-www-form-urlencoded" ||
    type === "application/xml" ||
    type.endsWith("+xml")
  );
}

function textOf(body: Uint8Array): string {
  try {
    return strictUtf8.decode(body);
  } catch {
    return refuse("The body is not UTF-8.");
  }
}

/** Throws where the JSON is none, so that its sender hears of it. */
function jsonPayload(bytes: Uint8Array): Payload {
  const payload = new Payload(bytes);
  void payload.json;
  return payload;
}

function ofQuery(query: URLSearchParams): Payload {
  const fields = [...query].filter(([field]) => field !== "token");
  return fields.length === 0 ? new Payload(new Uint8Array()) : formPayload(fields);
}

function formPayload(fields: readonly (readonly [string, string])[]): Payload {
  const form = Object.fromEntries(fields);
  if (Object.keys(form).length < fields.length) refuse("The form has the same field twice.");
  return jsonPayload(Buffer.from(JSON.stringify(form)));
}
