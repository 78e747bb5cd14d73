import { z } from "zod";
import { strict } from "../../src/schema.js";

/** `seed`: the same number gives the same accidents; without one every start is different. */
export const settings = strict({
  seed: z
    .int("is no whole number")
    .describe("The same number gives the same accidents; without one every start is different.")
    .exactOptional(),
});
