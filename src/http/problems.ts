import { GatewayError, type GatewayErrorCode } from "../core/errors.js";

type Kind = readonly [status: number, title: string];

const ofGateway = {
  "config-invalid": [500, "The configuration is not valid"],
  "device-unknown": [404, "There is no such device"],
  "channel-unknown": [404, "The device has no such channel"],
  "channel-read-only": [409, "The channel can only be read"],
  "value-invalid": [400, "The value does not fit the channel"],
  forbidden: [403, "Not allowed"],
  "device-offline": [503, "The device is offline"],
  busy: [409, "Too many commands are waiting"],
  superseded: [409, "A newer command took its place"],
  "id-conflict": [409, "The id was used for another command"],
  "confirmation-required": [428, "The command needs a confirmation"],
  "confirmation-invalid": [412, "The confirmation code is not valid"],
  "deadline-passed": [504, "The command could not be sent in time"],
  "adapter-failed": [502, "The device's link failed"],
} as const satisfies Record<GatewayErrorCode, Kind>;

/** What only this face can find wrong. */
const ofHttp = {
  "request-invalid": [400, "The request is not understood"],
  unauthorized: [401, "A token is needed"],
  "not-found": [404, "There is nothing here"],
  "command-unknown": [404, "There is no such command"],
  "request-timeout": [408, "The request took too long"],
  "payload-too-large": [413, "The request is too large"],
  "media-type-unsupported": [415, "The body has to be JSON"],
  "host-unknown": [421, "The Host header names another server"],
  "too-many-streams": [429, "Too many event streams are open"],
  "internal-error": [500, "Something went wrong inside"],
  "not-ready": [503, "A link is down"],
} as const satisfies Record<string, Kind>;

const kinds: Readonly<Record<GatewayErrorCode | keyof typeof ofHttp, Kind>> = { ...ofGateway, ...ofHttp };

type ProblemCode = keyof typeof kinds;

/** RFC 9457 §3.1, and `code` for programs. */
interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly [extension: string]: unknown;
}

/** What a route throws to answer with a problem. `detail` is a sentence for a person. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = "HttpProblem";
    this.code = code;
    this.extensions = extensions;
  }
}

export function problemBody({ code, message, extensions }: HttpProblem): ProblemBody {
  const [status, title] = kinds[code];
  return { type: `urn:homeroster:problem:${code}`, title, status, detail: message, code, ...extensions };
}

/** The problem that tells a peer of an error, or `undefined` when the error is our own fault and none of theirs. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof GatewayError) return new HttpProblem(error.code, error.message);
  const status = statusOf(error);
  if (status === 408) return new HttpProblem("request-timeout", "The request did not arrive in time.");
  if (status === 413) return new HttpProblem("payload-too-large", "A body may have 64 KB.");
  if (status === 415) {
    return new HttpProblem(
      "media-type-unsupported",
      'The body has to be JSON: "Content-Type: application/json".',
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new HttpProblem(
      "request-invalid",
      "The request line, its headers or its body are not well formed.",
    );
  }
  return undefined;
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : undefined;
}
