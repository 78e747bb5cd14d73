/** Why something could not be done. Closed: each face translates every code in one table. */
export type GatewayErrorCode =
  | "config-invalid"
  | "device-unknown"
  | "channel-unknown"
  | "channel-read-only"
  | "value-invalid"
  | "forbidden"
  | "device-offline"
  | "busy"
  | "superseded"
  | "id-conflict"
  | "confirmation-required"
  | "confirmation-invalid"
  | "deadline-passed"
  | "adapter-failed";

/** The one error class. `message` is a sentence for a person; programs read `code`. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GatewayError";
    this.code = code;
  }
}

/** The sentence of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
