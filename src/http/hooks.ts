import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { HookCalls, HookOutcome, HookRefusal, HookRequest } from "../core/hooks.js";
import { HttpProblem, type ProblemCode, problemResponses } from "./problems.js";
import { hookParams, hookTaken } from "./schemas.js";
import type { Scope } from "./scope.js";
import type { WrongTokens } from "./wrong-tokens.js";

type Refused = Extract<HookOutcome, { readonly refused: HookRefusal }>;

const codes = {
  unauthorized: "unauthorized",
  "signature-expired": "signature-expired",
  replayed: "replayed",
  "rate-limited": "rate-limited",
  "method-not-allowed": "method-not-allowed",
  "body-invalid": "request-invalid",
  "media-type-unsupported": "media-type-unsupported",
} as const satisfies Record<HookRefusal, ProblemCode>;

const challenge = "Bearer";
const byToken = [{ hookToken: [] }, { hookTokenInUrl: [] }];

/** Devices call these. No token of the API opens them: each webhook has a proof of its own. */
export async function hookRoutes(scope: Scope, hooks: HookCalls, wrongTokens: WrongTokens): Promise<void> {
  const take = (method: HookRequest["method"], request: FastifyRequest, name: string, body: Uint8Array) => {
    const outcome = hooks.take(name, { method, headers: headersOf(request), query: queryOf(request), body });
    if (!("refused" in outcome)) return { event: outcome.event };
    if (outcome.refused !== "unauthorized") throw problemOf(outcome);
    const what = "somebody called a webhook that is not there, or without its proof";
    throw wrongTokens.refuse(request.ip, what, outcome.sentence, challenge);
  };
  await scope.register(async (own: Scope) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(
      "*",
      { parseAs: "buffer" },
      async (_request: FastifyRequest, body: Buffer) => body,
    );
    own.addHook("onRequest", async ({ headers }) => {
      if ((headers["content-encoding"] ?? "identity") === "identity") return;
      throw new HttpProblem("media-type-unsupported", "The body has to come without a Content-Encoding.");
    });
    own.post(
      "/hooks/:name",
      {
        config: { isOpen: true },
        schema: {
          operationId: "callHook",
          summary: "A device tells something: a webhook of the HTTP adapter",
          description:
            "By the webhook's own token (as bearer, or `token` in the URL) or its signature (standardwebhooks.com), as its configuration says.",
          security: [...byToken, { hookSignature: [] }],
          params: hookParams,
          consumes: ["application/json", "application/x-www-form-urlencoded", "text/plain"],
          body: z.unknown(),
          response: {
            202: hookTaken,
            ...problemResponses("unauthorized", "signature-expired", "replayed", "rate-limited"),
          },
        },
      },
      async (request, reply) => {
        const { body, params } = request;
        reply.code(202);
        return take("POST", request, params.name, body instanceof Uint8Array ? body : new Uint8Array());
      },
    );
    own.get(
      "/hooks/:name",
      {
        config: { isOpen: true },
        // What a HEAD asks for must do nothing.
        exposeHeadRoute: false,
        schema: {
          operationId: "openHook",
          summary: "The same for devices that can only open a URL, where the configuration allows it",
          security: byToken,
          params: hookParams,
          response: { 202: hookTaken, ...problemResponses("unauthorized", "rate-limited") },
        },
      },
      async (request, reply) => {
        reply.code(202);
        return take("GET", request, request.params.name, new Uint8Array());
      },
    );
  });
}

function problemOf({ refused, sentence, retryAfter, methods }: Refused): HttpProblem {
  const headers = {
    ...(retryAfter !== undefined && { "retry-after": `${Math.ceil(retryAfter / 1000)}` }),
    ...(methods && { allow: [...methods, "OPTIONS"].join(", ") }),
    ...(refused === "signature-expired" && { "www-authenticate": challenge }),
  };
  return new HttpProblem(codes[refused], sentence, {}, headers);
}

function headersOf({ headers }: FastifyRequest): HookRequest["headers"] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const [, query = ""] = /\?([^#]*)/.exec(url) ?? [];
  return new URLSearchParams(query);
}
