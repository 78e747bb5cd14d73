import { ErrorWithReasonCode, ReasonCodes } from "mqtt";
import { messageOf } from "../../src/core/errors.js";
import { inUrl } from "../../src/core/host.js";
import { connectionFaultOf } from "../../src/core/unreachable.js";
import type { Endpoint } from "./settings.js";

/** Why a connection could not be made, or ended. */
export interface Failure {
  /** What a person reads after "the broker at HOST:PORT": a whole sentence without its full stop. */
  readonly text: string;
  /** The broker is there and does not want us: trying again soon is no use. */
  readonly isRefusal: boolean;
}

// CONNACK: MQTT 3.1.1 §3.2.2.3 and MQTT 5 §3.2.2.2.
const refusals: Readonly<Record<number, string>> = {
  1: "it does not speak this version of MQTT; set `version`",
  2: "it does not accept the client id; set `clientId`",
  4: "it does not accept the user name or password",
  5: "it does not let us in; check `username` and `password`",
  132: "it does not speak this version of MQTT; set `version`",
  133: "it does not accept the client id; set `clientId`",
  134: "it does not accept the user name or password",
  135: "it does not let us in; check `username` and `password`",
  138: "it has banned us",
  140: "it wants another way of logging in",
};

export function failureOf(error: unknown): Failure {
  if (error instanceof ErrorWithReasonCode) return refusal(error.code);
  return { text: connectionFaultOf(error)?.text ?? messageOf(error), isRefusal: false };
}

export function refusal(code: number): Failure {
  const known = refusals[code];
  if (known !== undefined) return { text: known, isRefusal: true };
  return { text: `it ended the connection: ${reasonOf(code)}`, isRefusal: false };
}

/** What a reason code of the protocol means, in its own words. */
function reasonOf(code: number): string {
  const reasons: Readonly<Record<number, string>> = ReasonCodes;
  return reasons[code] || `reason ${code}`;
}

export function placeOf({ host, port }: Endpoint): string {
  return `${inUrl(host)}:${port}`;
}
