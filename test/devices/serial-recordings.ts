import { z } from "zod";
import { address, meaning, readRecordings, scalar } from "./recordings.js";

/** Bytes as lines, each of which ends with CR and LF, or in hexadecimal digits. */
const bytes = z.union([
  z.string().transform((lines) => Buffer.from(lines.replace(/\n/g, "\r\n"))),
  z.strictObject({ hex: z.string() }).transform(({ hex }) => Buffer.from(hex.replace(/\s/g, ""), "hex")),
]);

const recording = z.strictObject({
  address,
  heard: z.array(z.strictObject({ bytes, ...meaning })),
  told: z.array(z.strictObject({ channel: z.string(), value: scalar, bytes: z.string() })).default([]),
});

export const recordings = readRecordings("serial", recording);
