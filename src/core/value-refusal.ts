import { GatewayError } from "./errors.js";

const shownLength = 60;

export function refuse(sentence: string): never {
  throw new GatewayError("value-invalid", sentence);
}

/** Whatever came from outside as the subject of a sentence: short, and never longer than it deserves. */
export function quoted(raw: unknown): string {
  if (typeof raw === "string") {
    return JSON.stringify(raw.length > shownLength ? `${raw.slice(0, shownLength)}…` : raw);
  }
  if (raw === undefined) return "Nothing";
  if (Array.isArray(raw)) return "A list";
  if (typeof raw === "object" && raw !== null) return "An object";
  const isPlain = raw === null || typeof raw === "number" || typeof raw === "boolean";
  return isPlain ? String(raw) : `A ${typeof raw}`;
}
