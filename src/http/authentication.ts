import type { FastifyRequest } from "fastify";
import { Allowance } from "../core/allowance.js";
import type { Principal } from "../core/command.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import { HttpProblem } from "./problems.js";
import type { Scope } from "./scope.js";
import type { Tokens } from "./tokens.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; empty where no token is needed. */
    principal: Principal;
    /** The token that was sent, for what outlasts one answer. */
    token: string;
  }
  interface FastifyContextConfig {
    /** Whether the route answers without a token. */
    readonly isOpen?: boolean;
  }
}

const wrongTokens = { rate: 1 / 6, burst: 10 };

/** Every route that is not open wants a bearer token (RFC 6750 §2.1), also the routes that are not there. */
export function requireToken(scope: Scope, tokens: Tokens, log: Log): void {
  const failures = new Allowance(wrongTokens);
  const gate = new RateGate();

  /** A good token is never kept out by the wrong ones of others at the same address: it is looked at first. */
  function refuse(request: FastifyRequest, token: string): HttpProblem {
    if (token === "") {
      const sentence = 'Send a token: "Authorization: Bearer TOKEN".';
      return new HttpProblem("unauthorized", sentence, {}, { "www-authenticate": "Bearer" });
    }
    const { allowed, suppressed } = gate.allow(request.ip);
    if (allowed)
      log.warn({ address: request.ip, suppressed }, "somebody sent a token that is not known here");
    if (!failures.take(request.ip)) {
      const wait = { "retry-after": `${1 / wrongTokens.rate}` };
      return new HttpProblem("rate-limited", "Too many wrong tokens came from your address.", {}, wait);
    }
    return new HttpProblem(
      "unauthorized",
      "The token is not known here; it may have been revoked.",
      {},
      { "www-authenticate": 'Bearer error="invalid_token"' },
    );
  }

  scope.decorateRequest("principal", "");
  scope.decorateRequest("token", "");
  scope.addHook("onRequest", async (request) => {
    if (request.routeOptions.config?.isOpen === true) return;
    const [, token = ""] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
    const known = tokens.verify(token);
    if (known === undefined) throw refuse(request, token);
    request.principal = known.principal;
    request.token = token;
  });
}
