import { GatewayError } from "../core/errors.js";
import type { Store } from "../core/store.js";

/** The number of this run of the gateway: one more than any before. It is on disk when this resolves. */
export async function nextEpoch(store: Store): Promise<number> {
  const epoch = lastEpoch(store.read("epoch")) + 1;
  await store.write("epoch", { epoch });
  return epoch;
}

function lastEpoch(document: unknown): number {
  if (document === undefined) return 0;
  if (
    typeof document === "object" &&
    document !== null &&
    "epoch" in document &&
    typeof document.epoch === "number" &&
    Number.isSafeInteger(document.epoch) &&
    document.epoch >= 0
  ) {
    return document.epoch;
  }
  throw new GatewayError(
    "config-invalid",
    'The stored document "epoch" is damaged: it should hold {"epoch": N} with a whole number. Put back a copy of it.',
  );
}
