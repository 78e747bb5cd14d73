import { messageOf } from "../../../src/core/errors.js";

/** Why a connection could not be made, or ended. */
export interface StreamFailure {
  /** What a person reads after the name of the source: a whole sentence without its full stop. */
  readonly text: string;
  /** It is there and does not want us: trying again soon is no use. */
  readonly isRefusal: boolean;
  /** Milliseconds that it asked us to wait. */
  readonly retryAfter?: number;
}

export const ended: StreamFailure = { text: "it ended the stream", isRefusal: false };

const refusals: Readonly<Record<number, string>> = {
  204: "it says that there are no events to come (204)",
  401: "it does not let us in (401); check `auth`",
  403: "it denies us the events (403); check `auth`",
  404: "it has nothing at this path (404); check `url`",
  410: "it has nothing at this path any more (410); check `url`",
};

export function refusal(text: string): StreamFailure {
  return { text, isRefusal: true };
}

export function statusFailure(status: number): StreamFailure {
  const text = refusals[status];
  return text === undefined ? { text: `it answered ${status}`, isRefusal: false } : refusal(text);
}

export function failureOf(error: unknown): StreamFailure {
  return { text: messageOf(error), isRefusal: false };
}
