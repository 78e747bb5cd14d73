import { GatewayError } from "../core/errors.js";
import { type JsonValue, parseJson } from "../core/json.js";
import { HttpProblem } from "./problems.js";

/** Parses a JSON body, which must be UTF-8, within the limits of `parseJson`. Throws an `HttpProblem`. */
export function parseJsonBody(bytes: Uint8Array, encoding = "identity"): JsonValue {
  if (encoding !== "identity") {
    throw new HttpProblem("media-type-unsupported", "The body has to come without a Content-Encoding.");
  }
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const sentence = error instanceof GatewayError ? error.message : "The body is not UTF-8.";
    throw new HttpProblem("request-invalid", sentence);
  }
}
