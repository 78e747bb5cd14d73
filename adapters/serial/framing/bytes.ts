import { z } from "zod";
import { strict } from "../../../src/schema.js";

const hexDigits = /^(?:[0-9a-f]{2}\s*)+$/i;

const hex = z
  .string('is no text; put the digits in quotes: "AA 55"')
  .refine((digits) => hexDigits.test(digits), 'is no row of bytes; write two hex digits for each: "AA 55"')
  .transform((digits): Uint8Array => Buffer.from(digits.replaceAll(/\s/g, ""), "hex"));

const longest = 64;

/** Bytes on the wire: a text, or `{ hex: "AA 55" }`. */
export const bytes = z
  .union(
    [
      z
        .string()
        .min(1, "is empty; write at least one character")
        .transform((text): Uint8Array => Buffer.from(text)),
      strict({ hex }).transform((given) => given.hex),
    ],
    { error: 'is neither a text nor bytes; write for example "!" or { hex: "AA 55" }' },
  )
  .refine((row) => row.length <= longest, `is longer than ${longest} bytes`);
