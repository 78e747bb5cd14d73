import { componentsOf } from "./css-colors.js";
import type { Channel } from "./device.js";
import type { CommandValue, Value, ValueSpec } from "./value.js";

/** Milliseconds from the sending in which a device should say that it obeyed. */
export function confirmWithin({ confirmWithin: own, value }: Channel): number {
  return own ?? (value.kind === "cover" ? 60_000 : 10_000);
}

export type Verdict = "reached" | "not-yet" | "failed";

/** One per cent of 0..100, and of 0..255 for a component of a colour. */
const percentTolerance = 1;
const componentTolerance = 2;

/**
 * Whether a report shows that a command has come to its end. `before` is what the channel had when the command was
 * sent; `previous` is the report before this one, if that came after the sending, too. Reports that repeat a value must
 * be judged as well, for that is how a cover shows that it stands still.
 */
export function judge(
  spec: ValueSpec,
  wanted: CommandValue,
  reported: Value,
  before: Value | undefined,
  previous?: Value,
): Verdict {
  switch (spec.kind) {
    case "number":
      return verdict(isNear(wanted, reported, numberTolerance(spec, wanted)));
    case "level":
      return verdict(isNear(wanted, reported, percentTolerance));
    case "cover":
      return verdict(
        wanted === "stop" ||
          isNear(wanted, reported, percentTolerance) ||
          hasStopped(wanted, reported, before, previous),
      );
    case "color":
      return verdict(isSameColor(wanted, reported));
    case "lock":
      if (reported === "jammed") return "failed";
      return verdict(reported === (wanted === "lock" ? "locked" : "unlocked"));
    case "switch":
    case "choice":
    case "text":
    case "datetime":
      return verdict(wanted === reported);
    case "contact":
    case "location":
    case "image":
    case "button":
    case "event":
      return "not-yet";
  }
}

function verdict(isReached: boolean): Verdict {
  return isReached ? "reached" : "not-yet";
}

/** Half a step, else one per cent of the range, else only what binary fractions lose. */
function numberTolerance(spec: Extract<ValueSpec, { kind: "number" }>, wanted: CommandValue): number {
  const lost = typeof wanted === "number" ? Math.abs(wanted) * 1e-9 : 0;
  if (spec.step !== undefined) return spec.step / 2 + lost;
  if (spec.min !== undefined && spec.max !== undefined) return (spec.max - spec.min) / 100 + lost;
  return lost;
}

function isNear(wanted: CommandValue, reported: Value, tolerance: number): boolean {
  return (
    typeof wanted === "number" && typeof reported === "number" && Math.abs(wanted - reported) <= tolerance
  );
}

/** A cover sent to an end may stop short of it: a window handle, a stone, a limit of its own. */
function hasStopped(
  wanted: CommandValue,
  reported: Value,
  before: Value | undefined,
  previous: Value | undefined,
): boolean {
  if (wanted !== 0 && wanted !== 100) return false;
  return before !== undefined && reported === previous && reported !== before;
}

function isSameColor(wanted: CommandValue, reported: Value): boolean {
  if (typeof wanted !== "string" || typeof reported !== "string") return false;
  const [left, right] = [componentsOf(wanted), componentsOf(reported)];
  if (left === undefined || right === undefined) return false;
  return left.every(
    (component, index) => Math.abs(component - (right[index] ?? Number.NaN)) <= componentTolerance,
  );
}
