import type { FinalReceipt, Receipt } from "../core/command.js";
import type { GatewayErrorCode } from "../core/errors.js";

/** After sysexits; `notRunning` is what service managers expect of `status`, `confirm` is HTTP's 428. */
export const exitCode = {
  done: 0,
  failed: 1,
  notRunning: 3,
  confirm: 28,
  usage: 64,
  data: 65,
  unavailable: 69,
  later: 75,
  denied: 77,
  configuration: 78,
} as const;

const ofErrors = {
  "config-invalid": exitCode.configuration,
  "device-unknown": exitCode.usage,
  "channel-unknown": exitCode.usage,
  "channel-read-only": exitCode.usage,
  "value-invalid": exitCode.data,
  forbidden: exitCode.denied,
  "device-offline": exitCode.unavailable,
  busy: exitCode.unavailable,
  superseded: exitCode.later,
  "id-conflict": exitCode.later,
  "confirmation-required": exitCode.confirm,
  "confirmation-invalid": exitCode.confirm,
  "deadline-passed": exitCode.later,
  "adapter-failed": exitCode.unavailable,
} as const satisfies Record<GatewayErrorCode, number>;

const ofReceipts = {
  confirmed: exitCode.done,
  sent: exitCode.done,
  failed: exitCode.unavailable,
  "timed-out": exitCode.unavailable,
  expired: exitCode.later,
  refused: exitCode.unavailable,
  unknown: exitCode.unavailable,
} as const satisfies Record<FinalReceipt, number>;

export function exitOfError(code: GatewayErrorCode): number {
  return ofErrors[code];
}

export function exitOfReceipt({ receipt, code }: Receipt): number {
  if (receipt !== "refused" || code === undefined) return ofReceipts[receipt];
  // A queue empties; a gateway that is in the way does not.
  return code === "busy" ? exitCode.later : ofErrors[code];
}
