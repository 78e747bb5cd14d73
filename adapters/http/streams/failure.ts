import type { IncomingHttpHeaders } from "node:http";
import { messageOf } from "../../../src/core/errors.js";
import { systemCodeOf } from "../../../src/core/system-code.js";

/** Why a connection could not be made, or ended. */
export interface StreamFailure {
  /** What a person reads after the name of the source: a whole sentence without its full stop. */
  readonly text: string;
  /** It is there and does not want us: trying again soon is no use. */
  readonly isRefusal: boolean;
  /** Milliseconds that it asked us to wait. */
  readonly retryAfter?: number;
}

export function loss(text: string): StreamFailure {
  return { text, isRefusal: false };
}

export function refusal(text: string): StreamFailure {
  return { text, isRefusal: true };
}

const refusals: Readonly<Record<number, string>> = {
  200: "it answered as a web page instead of opening a WebSocket (200); check `url`",
  204: "it says that there are no events to come (204)",
  401: "it does not let us in (401); check `auth`",
  403: "it denies us the events (403); check `auth`",
  404: "it has nothing at this path (404); check `url`",
  410: "it has nothing at this path any more (410); check `url`",
};

/** Of an answer that opens no stream. */
export function statusFailure(status: number, headers: IncomingHttpHeaders): StreamFailure {
  const text = refusals[status];
  if (text !== undefined) return refusal(text);
  return { ...loss(`it answered ${status}`), ...waitOf(headers["retry-after"]) };
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function waitOf(header: string | undefined): { readonly retryAfter?: number } {
  if (header === undefined) return {};
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return milliseconds > 0 ? { retryAfter: milliseconds } : {};
}

// RFC 6455 §7.4.1.
const closings: Readonly<Record<number, string>> = {
  1001: "it is going away",
  1002: "it says that we break the protocol",
  1003: "it does not accept what we send",
  1006: "it cut the connection",
  1011: "it met an error of its own",
  1012: "it restarts",
  1013: "it is too busy",
};
const policyViolation = 1008;

/** Of a WebSocket that closed. */
export function closeFailure(code: number, reason: string): StreamFailure {
  const said = reason === "" ? "" : `: ${JSON.stringify(reason)}`;
  const text = closings[code] ?? `it closed the connection (${code})`;
  return code === policyViolation ? refusal(text + said) : loss(text + said);
}

const tooLarge = "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";

export function failureOf(error: unknown): StreamFailure {
  const code = systemCodeOf(error);
  if (code === tooLarge) return loss("it sent a message larger than 64 KB");
  return loss(messageOf(error));
}
