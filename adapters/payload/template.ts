import type { Scalar } from "./conversion.js";

/** Writes a value into a payload. */
type Template = (value: Scalar) => string;

/** Writes a value so that it stays within the place where a template has it. */
export type Escape = (value: Scalar) => string;

const placeholder = "{value}";

/**
 * Replaces each `{value}`; every other brace is literal. In a template that is a JSON document the value is written as
 * JSON: escaped between quotes, else a literal with quotes of its own if it is text. With `escaped` it is written by that alone.
 */
export function compileTemplate(source: string, escaped?: Escape): Template {
  const parts = source.split(placeholder);
  if (escaped !== undefined) return (value) => parts.join(escaped(value));
  if (!isJsonTemplate(source)) return (value) => parts.join(String(value));
  const quoted = parts.slice(0, -1).map((_, index) => endsInString(parts.slice(0, index + 1).join("")));
  return (value) => {
    const escaped = JSON.stringify(String(value)).slice(1, -1);
    const literal = JSON.stringify(value);
    return parts.reduce((text, part, index) => `${text}${quoted[index - 1] ? escaped : literal}${part}`);
  };
}

/** Whether a template is a JSON document once it is filled in. */
export function isJsonTemplate(source: string): boolean {
  try {
    return ["object", "string"].includes(typeof JSON.parse(source.replaceAll(placeholder, "0")));
  } catch {
    return false;
  }
}

function endsInString(json: string): boolean {
  const marks = json.match(/\\.|"/gs) ?? [];
  return marks.filter((mark) => mark === '"').length % 2 === 1;
}
