import type { Qos } from "./addresses.js";

/** What is published. */
export interface Publication {
  readonly topic: string;
  readonly payload: string;
  readonly qos: Qos;
  readonly retain: boolean;
}
