import { z } from "zod";
import { address, meaning, readRecordings, scalar } from "./recordings.js";

const recording = z.strictObject({
  address,
  heard: z.array(
    z.strictObject({
      topic: z.string(),
      payload: z.string(),
      ...meaning,
      availability: z.enum(["online", "offline"]).optional(),
    }),
  ),
  told: z
    .array(z.strictObject({ channel: z.string(), value: scalar, topic: z.string(), payload: z.string() }))
    .default([]),
});

export const recordings = readRecordings("mqtt", recording);
