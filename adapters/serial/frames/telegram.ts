import { z } from "zod";
import type { Problem } from "../../../src/core/problem.js";
import type { CommandValue, ValueSpec } from "../../../src/core/value.js";
import { quoted, refuse } from "../../../src/core/value-refusal.js";
import { strict } from "../../../src/schema.js";
import type { Conversion, Scalar } from "../../payload/conversion.js";
import { isJsonTemplate } from "../../payload/template.js";
import { writerOf } from "../../payload/writer.js";
import type { Charset } from "../charset.js";
import { type Checksum, checksumFor } from "../checksum.js";

/** How bytes are written on this line. */
export interface Script {
  readonly charset: Charset;
  /** What stands for `{checksum}`. */
  readonly checksum: Checksum | undefined;
}

/** What is sent: a text in the line's character set, or hexadecimal digits. */
interface Telegram {
  readonly template: string;
  readonly isHex: boolean;
}

const longest = 1024;
const placeholder = "{checksum}";

const template = z
  .string()
  .min(1, 'is empty; write for example "PUMP={value}\\n"')
  .max(longest, `is longer than ${longest} characters`)
  .refine((text) => text.split(placeholder).length <= 2, "has {checksum} more than once");

export const telegram = z.union(
  [
    template.transform((text): Telegram => ({ template: text, isHex: false })),
    strict({ hex: template }).transform(({ hex }): Telegram => ({ template: hex, isHex: true })),
  ],
  { error: 'is neither a text nor bytes; write for example "PUMP={value}\\n" or { hex: "AA {value} FF" }' },
);
export type { Telegram };

/** What is wrong with a telegram on this line that has `{value}` in it, may have it, or has none; paths start at it. */
export function telegramProblems(
  telegram: Telegram,
  script: Script,
  value: "wanted" | "possible" | "none",
): readonly Problem[] {
  if (telegram.template.includes(placeholder) && script.checksum === undefined) {
    return [{ path: [], message: "has {checksum}, but the adapter has no `checksum`" }];
  }
  if (!telegram.isHex && /\\[nr]/.test(telegram.template)) {
    const message = "has a backslash where a line break is meant; put it in double quotes, which know \\n";
    return [{ path: [], message }];
  }
  const isFilled = /\{(value|red|green|blue|x|y)\}/.test(telegram.template);
  if (value === "wanted" && !isFilled)
    return [{ path: [], message: "has no {value} in it, so all values would be told alike" }];
  if (value !== "none") return [];
  if (isFilled) return [{ path: [], message: "has {value} in it, but a question asks for one" }];
  try {
    bytesOf(telegram, script);
    return [];
  } catch (error) {
    return [{ path: [], message: `cannot be sent: ${error instanceof Error ? error.message : error}` }];
  }
}

/** The bytes of a telegram without a value. Throws "value-invalid". */
export function bytesOf({ template, isHex }: Telegram, script: Script): Uint8Array {
  return completed(
    template.split(placeholder).map((part) => (isHex ? ofHex(part) : script.charset.encode(part))),
    script,
  );
}

/** Writes a value into a telegram. What it returns throws "value-invalid" for a value that cannot stand in it. */
export function voiceOf(
  { template, isHex }: Telegram,
  script: Script,
  spec: ValueSpec,
  conversion: Conversion,
): (value: CommandValue) => Uint8Array {
  const parts = template.split(placeholder).map((part) => {
    const escaped = isHex ? hexDigits : isJsonTemplate(part) ? undefined : plain;
    const write = writerOf(spec, conversion, part, escaped);
    return (value: CommandValue) => (isHex ? ofHex(write(value)) : script.charset.encode(write(value)));
  });
  return (value) =>
    completed(
      parts.map((part) => part(value)),
      script,
    );
}

function completed(parts: readonly Uint8Array[], { checksum }: Script): Uint8Array {
  const [before = new Uint8Array(), after] = parts;
  if (after === undefined || checksum === undefined) return before;
  return Buffer.concat([before, checksumFor(checksum, before, after), after]);
}

/** A value with a line break in it would be one more command. */
function plain(value: Scalar): string {
  const text = String(value);
  return /\p{Cc}/u.test(text)
    ? refuse(`${quoted(text)} has control characters; write it without them.`)
    : text;
}

function hexDigits(value: Scalar): string {
  const text = String(value);
  return /^[0-9a-f]+$/i.test(text) ? text : refuse(`${quoted(text)} is no row of hexadecimal digits.`);
}

function ofHex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, "");
  return /^(?:[0-9a-f]{2})*$/i.test(digits)
    ? Buffer.from(digits, "hex")
    : refuse(`${quoted(text)} is no row of bytes; each has two hexadecimal digits.`);
}
