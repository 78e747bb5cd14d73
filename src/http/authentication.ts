import type { FastifyRequest } from "fastify";
import type { Principal } from "../core/command.js";
import { HttpProblem } from "./problems.js";
import type { Scope } from "./scope.js";
import type { Tokens } from "./tokens.js";
import type { WrongTokens } from "./wrong-tokens.js";

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

/** Every route that is not open wants a bearer token (RFC 6750 §2.1), also the routes that are not there. */
export function requireToken(scope: Scope, tokens: Tokens, wrongTokens: WrongTokens): void {
  /** A good token is never kept out by the wrong ones of others at the same address: it is looked at first. */
  function refuse(request: FastifyRequest, token: string): HttpProblem {
    if (token === "") {
      const sentence = 'Send a token: "Authorization: Bearer TOKEN".';
      return new HttpProblem("unauthorized", sentence, {}, { "www-authenticate": "Bearer" });
    }
    return wrongTokens.refuse(
      request.ip,
      "somebody sent a token that is not known here",
      "The token is not known here; it may have been revoked.",
      'Bearer error="invalid_token"',
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
