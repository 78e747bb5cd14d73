import { GatewayError } from "../core/errors.js";
import { nearest } from "../core/nearest.js";
import type { Answers, TokenInfo } from "./answers.js";
import type { ControlRequest, GrantedRole } from "./requests.js";

export type TokenRequest = Extract<
  ControlRequest,
  { readonly do: "token-create" | "token-list" | "token-revoke" }
>;

/** Where tokens are kept. */
export interface TokenBook {
  create(name: string, role: GrantedRole): Promise<string>;
  list(): readonly TokenInfo[];
  /** Resolves with false when there is no such token. */
  revoke(name: string): Promise<boolean>;
}

/** Answers about tokens; the gateway does, and the command line by itself while no gateway runs. */
export async function answerAboutTokens(
  tokens: TokenBook,
  request: TokenRequest,
): Promise<Answers[TokenRequest["do"]]> {
  switch (request.do) {
    case "token-create":
      return { token: await tokens.create(request.name, request.role) };
    case "token-list":
      return { tokens: tokens.list() };
    case "token-revoke": {
      if (await tokens.revoke(request.name)) return { revoked: request.name };
      const meant = nearest(
        request.name,
        tokens.list().map(({ name }) => name),
      );
      const question = meant === undefined ? "`homeroster token list` has them." : `Did you mean ${meant}?`;
      throw new GatewayError("value-invalid", `There is no token "${request.name}". ${question}`);
    }
  }
}
