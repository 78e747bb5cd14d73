import type { FastifyInstance } from "fastify";
import type { Principal } from "../core/command.js";
import { HttpProblem } from "./problems.js";
import type { Tokens } from "./tokens.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; empty where no token is needed. */
    principal: Principal;
    /** The token that was sent, for what outlasts one answer. */
    token: string;
  }
}

/** Every route of this scope wants a bearer token (RFC 6750 §2.1), also the routes that are not there. */
export function requireToken(scope: FastifyInstance, tokens: Tokens): void {
  scope.decorateRequest("principal", "");
  scope.decorateRequest("token", "");
  scope.addHook("onRequest", async (request, reply) => {
    const [, token = ""] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "") ?? [];
    const known = tokens.verify(token);
    if (known === undefined) {
      reply.header("www-authenticate", token === "" ? "Bearer" : 'Bearer error="invalid_token"');
      throw new HttpProblem(
        "unauthorized",
        token === ""
          ? 'Send a token: "Authorization: Bearer TOKEN".'
          : "The token is not known here; it may have been revoked.",
      );
    }
    request.principal = known.principal;
    request.token = token;
  });
}
