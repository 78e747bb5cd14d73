import { z } from "zod";
import type { JsonValue } from "../../src/core/json.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";

/** How digits to the base 16 stand for a number. */
export const hexadecimal = z.enum(["unsigned", "sign-bit", "twos-complement"]);

/** The number that hexadecimal digits stand for; the highest bit of those that are written is the sign, if there is one. */
export function ofHexadecimal(raw: JsonValue, form: z.output<typeof hexadecimal>): number {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,12})$/i.exec(String(raw).trim()) ?? [];
  if (digits === undefined) return refuse(`${quoted(raw)} is no hexadecimal number.`);
  const size = Number.parseInt(digits, 16);
  const signBit = 16 ** digits.length / 2;
  if (form === "unsigned" || size < signBit) return size;
  // Adding zero turns -0 into 0.
  return form === "sign-bit" ? signBit - size + 0 : size - 2 * signBit;
}
