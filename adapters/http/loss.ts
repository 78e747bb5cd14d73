import type { HttpFailure } from "./client/failure.js";
import { isRefusal } from "./poll-delay.js";
import type { Loss } from "./presence.js";

/** What a person is told of a device that cannot be asked. */
export function lossOf(failure: HttpFailure): Loss {
  const { kind, status, message } = failure;
  const isMisconfigured = isRefusal(failure) || kind === "tls" || kind === "redirect";
  const cure = status === 404 ? "; check `url`" : "";
  return {
    detail: isMisconfigured ? "configuration-error" : "communication-error",
    text: `${message}${cure}.`,
  };
}
