export type HttpFailureKind =
  /** Too much waits for this host, or too many hosts are asked. */
  | "busy"
  | "unreachable"
  | "timeout"
  | "tls"
  /** An answer with a status other than 2xx. */
  | "status"
  | "too-large"
  | "redirect"
  /** What came is no HTTP, or less than a whole answer. */
  | "broken"
  /** 401 or 403. */
  | "unauthorized"
  | "cancelled";

/** Why there is no answer. `message` is a sentence for a person without its full stop; it holds no secret. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;
  /** Milliseconds that the server asks us to wait, at most an hour. */
  readonly retryAfter: number | undefined;
  /** The request may have reached the server, and it did not say that it refused: a command may have been obeyed. */
  readonly mayHaveHappened: boolean;

  constructor(
    kind: HttpFailureKind,
    message: string,
    details: {
      readonly status?: number;
      readonly retryAfter?: number | undefined;
      readonly mayHaveHappened?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "HttpFailure";
    this.kind = kind;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.mayHaveHappened = details.mayHaveHappened ?? false;
  }
}

// Keys stand in paths, too, as long words or hexadecimal digits; words that people give to paths are neither.
const likelySecret = /^(?=.*\d)([\w~.-]{24,}|[0-9a-f]{10,})$/i;
/** A redirect may name any place. */
const longest = 200;

/** A URL as it may be shown: without user, password, query and what looks like a key. */
export function shown({ protocol, host, pathname, search }: URL): string {
  const path = pathname.split("/").map((part) => (likelySecret.test(part) ? "..." : part));
  const place = `${protocol}//${host}${path.join("/")}`;
  return `${place.slice(0, longest)}${place.length > longest ? "..." : ""}${search === "" ? "" : "?..."}`;
}
