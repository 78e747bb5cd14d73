import { z } from "zod";
import { GatewayError, type GatewayErrorCode } from "../core/errors.js";
import { links } from "./schemas.js";

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
  "signature-expired": [401, "The signature is not of now"],
  "not-found": [404, "There is nothing here"],
  "command-unknown": [404, "There is no such command"],
  "method-not-allowed": [405, "The method is not for this address"],
  "request-timeout": [408, "The request took too long"],
  replayed: [409, "The message came before"],
  "payload-too-large": [413, "The request is too large"],
  "media-type-unsupported": [415, "The body is in a form that is not read here"],
  "expectation-failed": [417, "The expectation cannot be met"],
  "host-unknown": [421, "The Host header names another server"],
  "rate-limited": [429, "Too many requests"],
  "too-many-streams": [429, "Too many event streams are open"],
  "headers-too-large": [431, "The headers are too large"],
  "internal-error": [500, "Something went wrong inside"],
  "method-unknown": [501, "There is no such method"],
  "not-ready": [503, "A link is down"],
} as const satisfies Record<string, Kind>;

const kinds: Readonly<Record<GatewayErrorCode | keyof typeof ofHttp, Kind>> = { ...ofGateway, ...ofHttp };

export type ProblemCode = keyof typeof kinds;

const extensions = {
  command: z.string().optional().meta({ description: "The command that was refused." }),
  confirm: z.string().optional().meta({ description: "With `confirmation-required`: the code to repeat." }),
  expiresAt: z.iso.datetime().optional().meta({ description: "When that code dies." }),
  ready: z.boolean().optional(),
  links: links.optional().meta({ description: "With `not-ready`: the state of each link." }),
};

const problem = z
  .strictObject({
    type: z.string().meta({ description: "`urn:homeroster:problem:` and the code." }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "A sentence for a person." }),
    code: z.enum(Object.keys(kinds) as ProblemCode[]).meta({ description: "For programs." }),
    ...extensions,
  })
  .meta({ id: "Problem", description: "RFC 9457." });

/** The problems of a route for its document: those that are its own, by status, and all that any route can have. */
export function problemResponses(...codes: readonly ProblemCode[]): object {
  const statuses = new Set(codes.map((code) => kinds[code][0]));
  const own = [...statuses].map((status) => {
    const names = codes.filter((code) => kinds[code][0] === status).map((code) => `\`${code}\``);
    return [status, problemContent(names.join(", "))] as const;
  });
  return { ...Object.fromEntries(own), default: problemContent("Any other problem.") };
}

function problemContent(description: string) {
  return { description, content: { "application/problem+json": { schema: problem } } };
}

type ProblemBody = z.infer<typeof problem>;

type Extensions = Pick<ProblemBody, keyof typeof extensions>;

/** What a route throws to answer with a problem. `detail` is a sentence for a person. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly extensions: Extensions;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    extensions: Extensions = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = "HttpProblem";
    this.code = code;
    this.extensions = extensions;
    this.headers = headers;
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
  if (status === 414) return new HttpProblem("not-found", "Nothing here has a name as long as that.");
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
