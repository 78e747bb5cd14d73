import { z } from "zod";
import type { Problem } from "../../../src/core/problem.js";
import type { ValueKind, ValueSpec } from "../../../src/core/value.js";
import { durationBetween, strict } from "../../../src/schema.js";
import { type Conversion, conversionShape, misfits } from "../../payload/conversion.js";
import { purposeProblems } from "../../payload/purpose.js";
import { readWords } from "../../payload/words.js";
import { type Table, tables } from "./frames.js";
import { type Layout, registersOf, registerTypes } from "./registers.js";

const table = z.enum(tables);
const register = z
  .int("is no register; write a whole number from 0 to 65535")
  .min(0, "is no register; the first is 0 (documents that begin at 40001 or 30001 mean 0 by it)")
  .max(
    65_535,
    "is no register; the last is 65535 (of a 6-digit number, leave out the first and take one off)",
  );
const type = z.enum(registerTypes);
const order = z.enum(["big", "little"]);

const described = {
  table: table.describe("Where its registers are. Default: holding."),
  type: type.describe("What a value is. Default: uint16."),
  order: order.describe("Whether the most (big) or the least (little) significant register comes first."),
};

export const deviceAddress = strict({
  unit: z
    .union(
      [z.int(), z.string().regex(/^\d+$/).transform(Number)],
      "is no unit; write the number that is set in the device, 1 to 247",
    )
    .refine((unit) => unit >= 1, "is no unit; 1 is the first (0 speaks to all, and none answers)")
    .refine((unit) => unit <= 247, "is no unit; 247 is the last")
    .describe("The number that is set in the device, 1 to 247."),
  every: durationBetween(100, 86_400_000, "100ms to 1d").describe("How often it is read.").default(10_000),
  timeout: durationBetween(20, 30_000, "20ms to 30s").describe("How long an answer may take.").default(1000),
  gap: z
    .int("is no number of registers")
    .min(0, "must be at least 0")
    .max(120, "must be at most 120")
    .describe("How many registers that nobody wants may be read along, to save a request.")
    .default(0),
  table: described.table.default("holding"),
  type: described.type.default("uint16"),
  order: described.order.default("big"),
});
export type DeviceAddress = z.output<typeof deviceAddress>;

const { on, off, open, close, stop, lock, unlock, press, map, scale, offset, mired, min, max } =
  conversionShape;
const conversionWords = {
  on,
  off,
  open,
  close,
  stop,
  lock,
  unlock,
  press,
  map,
  scale,
  offset,
  mired,
  min,
  max,
};

const multiple = z.boolean("is neither true nor false").describe("By the function for several registers.");

export const channelAddress = strict({
  register: register.describe("The first register that holds it, counted from 0.").exactOptional(),
  table: described.table.exactOptional(),
  type: described.type.exactOptional(),
  order: described.order.exactOptional(),
  write: z
    .union([z.boolean(), strict({ register: register.exactOptional(), multiple: multiple.default(false) })], {
      error: "is neither true nor a place; write true, { register: 12 } or { multiple: true }",
    })
    .describe("Makes it writable: true, or where and how it is written.")
    .exactOptional(),
  ...conversionWords,
});

export interface ChannelAddress {
  readonly table: Table;
  readonly layout: Layout;
  /** Where it is read; `undefined` where it is not. */
  readonly register: number | undefined;
  readonly write: { readonly register: number; readonly multiple: boolean } | undefined;
  readonly conversion: Conversion;
}

type Place = Exclude<z.output<typeof channelAddress>["write"], boolean | undefined>;

interface Read<Address> {
  readonly address: Address | undefined;
  readonly problems: readonly Problem[];
}

/** Paths of the problems start at the address. */
export function readDeviceAddress(sealed: unknown): Read<DeviceAddress> {
  const { words, problems } = readWords(deviceAddress, sealed);
  return { address: words, problems };
}

const purpose = {
  read: "register",
  write: "write",
  noun: "register",
  neither: "needs `register` (where it is read), `write: { register }`, or both",
};

const notNumbers: readonly ValueKind[] = ["color", "datetime", "event", "image", "location"];

/** Registers hold numbers; these are what the words of two states are unless the address says otherwise. */
const usualNumbers: Conversion = { on: 1, off: 0 };

/** Paths of the problems start at the address; `device` has what its channels have in common. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  device: Pick<DeviceAddress, "table" | "type" | "order">,
): Read<ChannelAddress> {
  const { words, problems } = readWords(channelAddress, sealed);
  if (words === undefined) return { address: undefined, problems };
  const { register, table = device.table, type, order = device.order, write, ...given } = words;
  const isBit = table === "coil" || table === "discrete";
  const layout: Layout = { type: type ?? (isBit ? "uint16" : device.type), order };
  const place: Place | undefined = write === true ? { multiple: false } : write === false ? undefined : write;
  const target = place?.register ?? register;
  const wanted = (path: string, message: string) => problems.push({ path: [path], message });
  if (place !== undefined && (table === "input" || table === "discrete"))
    wanted(
      "write",
      `does not go with the table ${table}, which can only be read; holding and coil are written`,
    );
  if (place !== undefined && target === undefined)
    wanted("write", "names no register; write { register: 12 }, or `register` beside it");
  if (isBit && type !== undefined) wanted("type", `does not fit the table ${table}, which holds single bits`);
  const last = 65_536 - (isBit ? 1 : registersOf(layout));
  if ((register ?? 0) > last)
    wanted("register", `is too near the end for ${layout.type}; ${last} is the last`);
  const told = place && target !== undefined ? { register: target, multiple: place.multiple } : undefined;
  // What seems to be missing may stand behind a misspelt key.
  if (problems.length === 0) {
    if (notNumbers.includes(spec.kind))
      problems.push({ path: [], message: `does not fit the kind ${spec.kind}; registers hold numbers` });
    const isRead = register !== undefined && !(spec.kind === "button" && told !== undefined);
    problems.push(...purposeProblems(spec.kind, { isRead, isTold: told !== undefined }, purpose));
  }
  problems.push(...misfits(spec.kind, given));
  const twoStates = spec.kind === "switch" || spec.kind === "contact";
  return {
    address: {
      table,
      layout,
      register: spec.kind === "button" ? undefined : register,
      write: told,
      conversion: {
        ...(twoStates ? usualNumbers : {}),
        ...(spec.kind === "button" ? { press: 1 } : {}),
        ...given,
      },
    },
    problems,
  };
}
