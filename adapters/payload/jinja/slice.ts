import { refuse } from "../../../src/core/value-refusal.js";
import type { Run } from "./run.js";
import { isList, named, type Value } from "./values.js";

/** As `owner[from:to:by]` in Python. */
export function sliced(owner: Value, from: Value, to: Value, by: Value, run: Run): Value {
  const items =
    typeof owner === "string" ? [...owner] : isList(owner) ? owner : refuse(`${named(owner)} cannot be cut.`);
  const [start, stop, step] = [from, to, by].map((part) =>
    Number.isInteger(part)
      ? Number(part)
      : part === undefined || part === null
        ? undefined
        : refuse(`${named(part)} is no place to cut.`),
  );
  const { length } = items;
  run.charge(length / 8);
  const stride = step ?? 1;
  if (stride === 0) refuse("A slice needs a step.");
  const within = (place: number | undefined, other: number) => {
    if (place === undefined) return other;
    const there = place < 0 ? place + length : place;
    return Math.max(stride < 0 ? -1 : 0, Math.min(stride < 0 ? length - 1 : length, there));
  };
  const [first, end] = [within(start, stride < 0 ? length - 1 : 0), within(stop, stride < 0 ? -1 : length)];
  const cut: Value[] = [];
  for (let at = first; stride < 0 ? at > end : at < end; at += stride) cut.push(items[at]);
  return typeof owner === "string" ? cut.join("") : cut;
}
