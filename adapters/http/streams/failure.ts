import { messageOf } from "../../../src/core/errors.js";
import { systemCodeOf } from "../../../src/core/system-code.js";
import { connectionFaultOf } from "../../../src/core/unreachable.js";
import { HttpFailure, shown } from "../client/failure.js";
import { retryAfterOf } from "../client/retry-after.js";
import { Distrusted } from "../client/socket.js";
import { type AnswerHeaders, headerOf } from "./approach.js";
import type { StreamSource } from "./source.js";

/** Why a connection could not be made, or ended. */
export interface StreamFailure {
  /** A sentence for a person without its full stop; it holds no secret. */
  readonly text: string;
  /** It is there and does not want us, or is not to be trusted: trying again soon is no use. */
  readonly isRefusal: boolean;
  /** What we asked for was wrong: an event to go on from that is forgotten may be the reason. */
  readonly isOfRequest?: true;
  /** Milliseconds that it asked us to wait, at most an hour. */
  readonly retryAfter?: number;
}

/** A source as sentences name it. */
export function nameOf({ url, kind }: StreamSource): string {
  return kind === "websocket" ? shown(url).replace(/^http/, "ws") : shown(url);
}

export function loss(name: string, what: string): StreamFailure {
  return { text: `${name} ${what}`, isRefusal: false };
}

export function refusal(name: string, what: string): StreamFailure {
  return { text: `${name} ${what}`, isRefusal: true };
}

const refusals: Readonly<Record<number, string>> = {
  200: "answered as a web page instead of opening a WebSocket (200); check `url`",
  204: "says that there are no events to come (204)",
  401: "does not let us in (401); check `auth`",
  403: "denies us the events (403); check `auth`",
  404: "has nothing at this path (404); check `url`",
  410: "has nothing at this path any more (410); check `url`",
};

const tooManyRequests = 429;

/** Of an answer that opens no stream. */
export function statusFailure(name: string, status: number, headers: AnswerHeaders): StreamFailure {
  const known = refusals[status];
  if (known !== undefined) return refusal(name, known);
  const retryAfter = retryAfterOf(headerOf(headers, "retry-after"));
  return {
    ...loss(name, `answered ${status}`),
    ...(status >= 400 && status < 500 && status !== tooManyRequests && { isOfRequest: true }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

// RFC 6455 §7.4.1.
const closings: Readonly<Record<number, string>> = {
  1001: "is going away",
  1002: "says that we break the protocol",
  1003: "does not accept what it is sent",
  1006: "cut the connection",
  1011: "met an error of its own",
  1012: "restarts",
  1013: "is too busy",
};
const policyViolation = 1008;

/** Of a WebSocket that closed. */
export function closeFailure(name: string, code: number, reason: string): StreamFailure {
  const said = reason === "" ? "" : `: ${JSON.stringify(reason.replace(/\p{Bidi_Control}/gu, ""))}`;
  const what = (closings[code] ?? `closed the connection (${code})`) + said;
  return code === policyViolation ? refusal(name, what) : loss(name, what);
}

const tooLarge = "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
const notHttp = /^HPE_/;
const brokenFrame = /^WS_ERR_/;

/** Of an error: before the stream `isOpen`, nobody was reached. */
export function failureOf(name: string, error: unknown, isOpen: boolean): StreamFailure {
  if (error instanceof HttpFailure) return { text: error.message, isRefusal: true };
  if (error instanceof Distrusted) return refusal(name, `is not trusted: ${error.message}`);
  const code = systemCodeOf(error) ?? "";
  if (code === tooLarge) return loss(name, "sent a message larger than 64 KB");
  if (notHttp.test(code)) return loss(name, `does not speak HTTP: ${messageOf(error)}`);
  if (brokenFrame.test(code)) return loss(name, `breaks the protocol: ${messageOf(error)}`);
  const fault = connectionFaultOf(error);
  if (fault?.isTls === true) return refusal(name, `cannot be asked: ${fault.text}`);
  if (isOpen) return loss(name, "cut the connection");
  return loss(name, `cannot be reached: ${fault?.text ?? messageOf(error)}`);
}
