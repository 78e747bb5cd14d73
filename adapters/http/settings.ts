import { z } from "zod";
import { duration, strict } from "../../src/schema.js";
import { auth, headers } from "./client/auth.js";
import { tls } from "./client/tls.js";

/** Milliseconds. */
export const usualTimeout = 5_000;

/** How long a device may take to answer. */
export const timeout = duration
  .refine((milliseconds) => milliseconds >= 100 && milliseconds <= 60_000, "is not between 100ms and 60s")
  .describe("How long an answer may take, from connecting to its last byte. Default: 5s.");

const atLeastOne = (noun: string) =>
  z.int(`is no whole number of ${noun}`).min(1, `is less than one of the ${noun}`);

export const settings = strict({
  timeout: timeout.default(usualTimeout),
  concurrency: atLeastOne("requests")
    .max(16, "is more than 16, which is a lot for one device")
    .describe("How many requests one host gets at a time. Default: 2.")
    .default(2),
  rate: strict({
    requests: atLeastOne("requests"),
    per: duration.refine((milliseconds) => milliseconds >= 100, "is less than 100ms"),
  })
    .describe("The most requests that one host gets in a while: { requests: 30, per: 1m }.")
    .exactOptional(),
  auth: auth.describe("The login for all hosts of this adapter; a device may have its own.").exactOptional(),
  tls: tls.describe("Whom to trust behind https://; a device may have its own.").exactOptional(),
  headers: headers.describe("Headers of all requests; a device's own come before them.").default({}),
});

/** `timeout` and `rate.per` in milliseconds. */
export type Settings = z.output<typeof settings>;
