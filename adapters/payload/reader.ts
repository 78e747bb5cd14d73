import { meansUnit, readAmount, withoutNoise } from "../../src/core/amount.js";
import { booleanClassOf, readBoolean } from "../../src/core/boolean-words.js";
import type { JsonValue } from "../../src/core/json.js";
import type { ValueSpec } from "../../src/core/value.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";
import { colorOf } from "./color.js";
import { type Conversion, miredOf, type Scalar } from "./conversion.js";
import { finderOf } from "./finding.js";
import { ofHexadecimal } from "./hexadecimal.js";
import { imageOf } from "./image.js";
import type { Payload } from "./payload.js";

/**
 * What a payload says of one channel, in the channel's own units, for the core to parse; `undefined` where it says
 * nothing of it. Throws "value-invalid".
 */
export type Reader = (payload: Payload) => unknown;

export function readerOf(spec: ValueSpec, conversion: Conversion): Reader {
  if (spec.kind === "image")
    return (payload) => (payload.bytes.length === 0 ? undefined : imageOf(payload.bytes));
  const convert = converterOf(spec, conversion);
  const find = finderOf(conversion) ?? (spec.kind === "location" ? jsonOf : textOf);
  return (payload) => {
    const raw = find(payload);
    // An empty message is how a retained one is deleted, and null how devices say that they do not know.
    if (raw === undefined || raw === null || (raw === "" && spec.kind !== "text")) return undefined;
    return convert(mapped(conversion, raw) ?? raw);
  };
}

/** A word of the wire as text, to compare with what the configuration has. */
export function wordOf(raw: JsonValue): string {
  if (typeof raw === "object") return refuse(`${quoted(raw)} is no plain word.`);
  return String(raw).trim();
}

function textOf({ text }: Payload): string {
  return text;
}

function jsonOf(payload: Payload): JsonValue | undefined {
  return payload.bytes.length === 0 ? undefined : payload.json;
}

export function mapped(conversion: Conversion, raw: JsonValue): Scalar | undefined {
  if (conversion.map === undefined || typeof raw === "object") return undefined;
  const word = wordOf(raw);
  return Object.hasOwn(conversion.map, word) ? conversion.map[word] : undefined;
}

function converterOf(spec: ValueSpec, conversion: Conversion): (raw: JsonValue) => unknown {
  switch (spec.kind) {
    case "switch":
    case "contact":
      return (raw) => booleanOf(spec, conversion, raw);
    case "number":
      return (raw) => measureOf(conversion, raw, spec.unit);
    case "level":
      return (raw) => levelOf(conversion, raw);
    case "cover":
      return (raw) => positionOf(conversion, raw);
    case "lock":
      return (raw) => lockStateOf(conversion, raw);
    case "color":
      return colorOf;
    case "text":
      return (raw) => (typeof raw === "object" ? JSON.stringify(raw) : String(raw));
    case "choice":
      return (raw) => wordOf(raw);
    case "location":
      return (raw) => raw;
    default:
      return (raw) => (typeof raw === "string" ? raw.trim() : raw);
  }
}

type TwoStateSpec = Extract<ValueSpec, { kind: "switch" | "contact" }>;

function booleanOf(spec: TwoStateSpec, { on, off }: Conversion, raw: JsonValue): boolean {
  const word = wordOf(raw);
  if (on !== undefined && word === String(on)) return true;
  if (off !== undefined && word === String(off)) return false;
  // Devices that are told words may report JSON's own true and false.
  if (typeof raw === "boolean") return raw;
  const usual = readBoolean(word, [booleanClassOf(spec)]);
  // A word that the configuration gives for one side takes the place of the usual ones on that side only.
  if (usual === true && on === undefined) return true;
  if (usual === false && off === undefined) return false;
  return refuse(`${quoted(raw)} is neither ${on ?? "ON"} nor ${off ?? "OFF"}.`);
}

function measureOf(conversion: Conversion, raw: JsonValue, unit: string | undefined): number {
  const wire =
    conversion.hex === undefined
      ? numberOf(raw, conversion.mired === true ? undefined : unit)
      : ofHexadecimal(raw, conversion.hex);
  if (conversion.mired === true && wire <= 0) refuse(`${wire} are no mireds.`);
  const value =
    conversion.mired === true
      ? Math.round(miredOf(wire))
      : withoutNoise(wire * (conversion.scale ?? 1) + (conversion.offset ?? 0));
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = conversion;
  if (value < min || value > max) refuse(`${value} is outside ${min} to ${max}.`);
  return value;
}

function numberOf(raw: JsonValue, unit: string | undefined): number {
  if (typeof raw === "number" && Number.isFinite(raw)) return raw;
  const amount = typeof raw === "string" ? readAmount(raw) : undefined;
  if (amount === undefined || !meansUnit(amount.unit, unit)) return refuse(`${quoted(raw)} is no number.`);
  return amount.value;
}

/** Dimmers say OFF where they could say 0. */
function levelOf(conversion: Conversion, raw: JsonValue): number {
  const word = wordOf(raw).toLowerCase();
  if (word === "on" || word === "off") return word === "on" ? 100 : 0;
  return measureOf(conversion, raw, "%");
}

const moving = new Set(["opening", "closing", "stop", "stopped"]);

function positionOf(conversion: Conversion, raw: JsonValue): number | undefined {
  const word = wordOf(raw);
  if (conversion.open !== undefined && word === String(conversion.open)) return 100;
  if (conversion.close !== undefined && word === String(conversion.close)) return 0;
  const usual = word.toLowerCase();
  if (usual === "open") return 100;
  if (usual === "closed" || usual === "close") return 0;
  if (moving.has(usual)) return undefined;
  return measureOf(conversion, raw, "%");
}

function lockStateOf({ lock, unlock }: Conversion, raw: JsonValue): string {
  const word = wordOf(raw);
  if (lock !== undefined && word === String(lock)) return "locked";
  if (unlock !== undefined && word === String(unlock)) return "unlocked";
  return word.toLowerCase();
}
