import { GatewayError } from "../../src/core/errors.js";
import type { HttpFailure } from "./client/failure.js";

/** Nobody said no, and nobody said yes: what the device shows afterwards will tell. */
export function isUncertain({ mayHaveHappened, status }: HttpFailure): boolean {
  return mayHaveHappened && status === undefined;
}

/** Why a command was not taken, for whoever gave it. */
export function commandFailureOf(failure: HttpFailure): GatewayError {
  const { kind, message, mayHaveHappened } = failure;
  const isAway = !mayHaveHappened && (kind === "unreachable" || kind === "timeout");
  const text = `${message}${mayHaveHappened ? "; it may have happened" : ""}.`;
  return new GatewayError(isAway ? "device-offline" : "adapter-failed", text, { cause: failure });
}
