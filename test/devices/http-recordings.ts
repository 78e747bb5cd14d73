import { z } from "zod";
import { address, meaning, readRecordings, scalar } from "./recordings.js";

const recording = z.strictObject({
  address,
  /** Bodies: the answer to a request, or what the device tells at a place of its own accord. */
  heard: z.array(
    z.union([
      z.strictObject({ asked: z.string(), body: z.string(), ...meaning }),
      z.strictObject({ told: z.string(), body: z.string(), ...meaning }),
    ]),
  ),
  /** What a person says, and the request that the device gets: method, path and body. */
  told: z.array(z.strictObject({ channel: z.string(), value: scalar, request: z.string() })).default([]),
});

export const recordings = readRecordings("http", recording);
