import { withoutNoise } from "../../src/core/amount.js";
import { componentsOf } from "../../src/core/css-colors.js";
import type { CommandValue, ValueSpec } from "../../src/core/value.js";
import { chromaticityOf } from "./color.js";
import { type Conversion, miredOf, type Scalar } from "./conversion.js";
import { compileTemplate, type Escape } from "./template.js";

/** The payload that asks for a value. */
export type Writer = (value: CommandValue) => string;

export function writerOf(
  spec: ValueSpec,
  conversion: Conversion,
  template = "{value}",
  escaped?: Escape,
): Writer {
  const write = compileTemplate(template, escaped);
  const payloadOf: Writer = (value) => write(unmapped(conversion, value) ?? wireOf(spec, conversion, value));
  return spec.kind === "color" ? (value) => withComponents(payloadOf(value), value) : payloadOf;
}

/** Whether a command is a position of a cover that no word of the wire stands for. */
export function isPosition({ open, close }: Conversion, value: CommandValue): boolean {
  if (value === 100) return open === undefined;
  if (value === 0) return close === undefined;
  return typeof value === "number";
}

/** The word that `map` gives for a value; the first where several mean the same. */
function unmapped({ map = {} }: Conversion, value: CommandValue): Scalar | undefined {
  const word = Object.entries(map).find(([, mapped]) => String(mapped) === String(value))?.[0];
  // A key of `map` is always text; a JSON template that wants text has quotes around its placeholder.
  return word !== undefined && String(Number(word)) === word ? Number(word) : word;
}

function wireOf(spec: ValueSpec, conversion: Conversion, value: CommandValue): Scalar {
  switch (spec.kind) {
    case "switch":
      return value === true ? (conversion.on ?? "ON") : (conversion.off ?? "OFF");
    case "number":
      return typeof value === "number" ? unscaled(conversion, value) : value;
    case "level":
      return typeof value === "number" ? wholeWhereFine(conversion, value) : value;
    case "cover":
      return coverWordOf(conversion, value);
    case "lock":
      return lockWordOf(conversion, value);
    case "button":
      return conversion.press ?? "PRESS";
    default:
      return value;
  }
}

function unscaled({ scale = 1, offset = 0, mired = false }: Conversion, value: number): number {
  if (mired) return Math.round(miredOf(value));
  return withoutNoise((value - offset) / scale);
}

/** Devices that count in steps of one per cent or finer count in whole steps; one that counts from 0 to 1 does not. */
function wholeWhereFine(conversion: Conversion, value: number): number {
  const wire = unscaled(conversion, value);
  return Math.abs(conversion.scale ?? 1) <= 1 ? Math.round(wire) : wire;
}

function coverWordOf(conversion: Conversion, value: CommandValue): Scalar {
  if (value === "stop") return conversion.stop ?? "STOP";
  if (typeof value !== "number") return value;
  if (isPosition(conversion, value)) return wholeWhereFine(conversion, value);
  return (value === 100 ? conversion.open : conversion.close) ?? value;
}

/** A colour's `{red}`, `{green}` and `{blue}`, each 0 to 255, and its `{x}` and `{y}` (CIE 1931). */
function withComponents(payload: string, color: CommandValue): string {
  const components = componentsOf(String(color));
  if (components === undefined) return payload;
  const [red, green, blue] = components;
  const [x, y] = chromaticityOf(components);
  const parts: Readonly<Record<string, number>> = { red, green, blue, x, y };
  return payload.replace(/\{(red|green|blue|x|y)\}/g, (_, name) => String(parts[name]));
}

function lockWordOf({ lock, unlock, open }: Conversion, value: CommandValue): Scalar {
  if (value === "lock") return lock ?? "LOCK";
  if (value === "unlock") return unlock ?? "UNLOCK";
  return open ?? "OPEN";
}
