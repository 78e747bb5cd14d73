import { Allowance } from "../core/allowance.js";
import { HttpProblem } from "./problems.js";
import type { Scope } from "./scope.js";

const ofAddress = { rate: 200, burst: 1_000 };
const ofToken = { rate: 100, burst: 500 };

/** To be declared before the tokens are looked at: what floods us is turned away without more work. */
export function limitAddresses(scope: Scope): void {
  const addresses = new Allowance(ofAddress);
  scope.addHook("onRequest", async ({ ip }) => {
    if (!addresses.take(ip)) throw tooMany("Your address");
  });
}

/** To be declared after the tokens are looked at. */
export function limitTokens(scope: Scope): void {
  const tokens = new Allowance(ofToken);
  scope.addHook("onRequest", async ({ principal }) => {
    if (principal !== "" && !tokens.take(principal)) throw tooMany("Your token");
  });
}

function tooMany(whose: string): HttpProblem {
  return new HttpProblem("rate-limited", `${whose} has sent too many requests.`, {}, { "retry-after": "1" });
}
