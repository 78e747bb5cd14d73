import { z } from "zod";
import { duration, strict } from "../../../src/schema.js";
import { bytes } from "./bytes.js";
import { delimiterShape } from "./delimiter.js";
import { type Check, type Framer, unchecked } from "./framer.js";
import { GapFramer } from "./gap.js";
import { Hunter } from "./hunter.js";
import { lengthShape, shortestFrame } from "./length.js";
import { lineShape } from "./line.js";
import { pattern } from "./pattern.js";
import { RegexFramer } from "./regex.js";
import { SlipFramer } from "./slip.js";

const longestFrame = 16_384;
const usualFrame = 1024;

const wholeNumber = z.int();

const max = wholeNumber
  .min(1)
  .max(longestFrame)
  .describe(`The most bytes a frame may have. Default: ${usualFrame}.`)
  .default(usualFrame);

const none = new Uint8Array();

const start = bytes.describe("What every frame begins with; what comes before is noise.").exactOptional();

const line = strict({ kind: z.literal("line"), start, max });

const delimiter = strict({
  kind: z.literal("delimiter"),
  delimiter: bytes.describe("What every frame ends with."),
  start,
  max,
});

const lengthField = strict({
  at: wholeNumber.min(0).max(longestFrame).describe("Where the number stands; the first byte is 0."),
  size: z.literal([1, 2], "is no size of a length; write 1 or 2").default(1),
  order: z
    .enum(["le", "be"])
    .describe("Which byte comes first: le the low one, be the high one.")
    .default("be"),
  add: wholeNumber
    .min(-longestFrame)
    .max(longestFrame)
    .describe("Bytes of the frame that the number does not count. Default: all up to and with the number.")
    .exactOptional(),
}).transform((field) => ({ add: field.at + field.size, ...field }));

const length = strict({
  kind: z.literal("length"),
  length: z.union([wholeNumber.min(1).max(longestFrame), lengthField], {
    error: "is no length; write a number of bytes, or { at, size, order, add } for where the frame says it",
  }),
  start,
  end: bytes.describe("What every frame ends with; it is part of the frame.").exactOptional(),
  max,
}).superRefine((given, context) => {
  const wrong = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const sync = { ...given, start: given.start ?? none, end: given.end ?? none };
  if (typeof given.length === "number") {
    if (given.length > given.max) wrong(["max"], `is less than the length of a frame, ${given.length}`);
    if (given.length < shortestFrame({ ...sync, end: none }))
      wrong(["length"], "leaves no room for `start`; count it in");
    else if (given.length < sync.start.length + sync.end.length)
      wrong(["length"], "leaves no room for `start` and `end`; count them in");
    return;
  }
  if (given.length.at < sync.start.length)
    wrong(["length", "at"], `lies within \`start\`; write ${sync.start.length} or more`);
  if (given.max < shortestFrame(sync))
    wrong(["max"], `is less than the shortest frame, ${shortestFrame(sync)}`);
});

const slip = strict({ kind: z.literal("slip"), max });

const longestGap = 10_000;

const gap = strict({
  kind: z.literal("gap"),
  gap: duration
    .refine((milliseconds) => milliseconds >= 1 && milliseconds <= longestGap, "must be from 1ms to 10s")
    .describe("A silence as long as this ends a frame, such as 50ms."),
  max,
});

const regex = strict({
  kind: z.literal("regex"),
  first: pattern
    .describe('What the first line of a frame matches, such as "^/". Default: the line after the last frame.')
    .exactOptional(),
  last: pattern.describe('What the last line of a frame matches, such as "^!".'),
  max,
});

/** Its frames, and their check, are those of the Modbus library. */
const modbusRtu = strict({ kind: z.literal("modbus-rtu") });

/** How the bytes of a line are cut into frames. */
export const framing = z
  .discriminatedUnion("kind", [line, delimiter, length, slip, gap, regex, modbusRtu])
  .superRefine((given, context) => {
    if (!("start" in given) || given.start === undefined || given.start.length < given.max) return;
    context.addIssue({ code: "custom", path: ["max"], message: "leaves no room for more than `start`" });
  });
export type Framing = z.output<typeof framing>;
export type StreamFraming = Exclude<Framing, { kind: "modbus-rtu" }>;

/** Frames that fail the check are dropped and counted. */
export function framerOf(given: StreamFraming, check: Check = unchecked): Framer {
  switch (given.kind) {
    case "line":
      return new Hunter(lineShape({ start: none, ...given }), check);
    case "delimiter":
      return new Hunter(delimiterShape({ start: none, ...given }), check);
    case "length":
      return new Hunter(lengthShape({ start: none, end: none, ...given }), check);
    case "slip":
      return new SlipFramer(given, check);
    case "gap":
      return new GapFramer(given, check);
    case "regex":
      return new RegexFramer(given, check);
  }
}
