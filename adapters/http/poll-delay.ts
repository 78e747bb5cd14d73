import { retryDelay } from "../../src/core/backoff.js";
import type { HttpFailure } from "./client/failure.js";

/** So many failures in a row, and nobody is there. */
const noticedAfter = 3;
const backoff = { first: 5_000, longest: 300_000 };

/** Somebody is there who will not answer until the configuration is mended. */
export function isRefusal({ status }: HttpFailure): boolean {
  return status === 401 || status === 403 || status === 404;
}

/** Whether after so many failures in a row there is nobody to be asked. */
export function isLost(failure: HttpFailure, failures: number): boolean {
  return failures >= noticedAfter || isRefusal(failure);
}

/**
 * Milliseconds until the next attempt after so many failures in a row, of what is asked `every` so many. The first ones follow
 * soon, so that a loss is noticed within half a minute; after that nobody is asked more often than while all was well.
 */
export function delayAfter(failure: HttpFailure, failures: number, every: number): number {
  const { status, retryAfter = 0 } = failure;
  const isPatient = isLost(failure, failures) || status === 429 || retryAfter > 0;
  return Math.max(retryDelay(failures - 1, backoff), isPatient ? every : 0, retryAfter);
}
