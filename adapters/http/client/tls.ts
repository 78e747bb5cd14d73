import { isIP } from "node:net";
import { z } from "zod";
import { pem, strict } from "../../../src/schema.js";

const text = z.string("is no text; put it in quotes").min(1, "is empty");

/** As openssl prints it, with or without the colons; kept as Node writes it. */
const fingerprint = text.transform((input, context) => {
  const digits = input.replace(/^sha-?256( fingerprint)?[=:]/i, "").replace(/[:\s]/g, "");
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toUpperCase().replace(/(..)(?=.)/g, "$1:");
  context.addIssue("is no SHA-256 fingerprint; write its 64 hexadecimal digits, with or without colons");
  return z.NEVER;
});

/** Whom to believe that it is the device, and what to show it. The check itself cannot be switched off. */
export const tls = strict({
  ca: pem
    .describe("The authority that signed the certificate: a file's name or the PEM text.")
    .exactOptional(),
  fingerprint: fingerprint
    .describe("SHA-256 of the one certificate that is accepted, whoever signed it and whatever its name.")
    .exactOptional(),
  servername: text
    .refine((name) => isIP(name) === 0, "is an address; write the name that stands in the certificate")
    .describe("The name in the certificate, where it is not that of the URL.")
    .exactOptional(),
  cert: pem.describe("A client certificate, for devices that ask for one.").exactOptional(),
  key: pem.exactOptional(),
}).superRefine((given, context) => {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (given.fingerprint !== undefined && given.ca !== undefined)
    wrong("ca", "is of no use beside `fingerprint`, which names the one certificate; leave one of them out");
  if (given.cert !== undefined && given.key === undefined) wrong("cert", "needs its `key` beside it");
  if (given.key !== undefined && given.cert === undefined) wrong("key", "needs its `cert` beside it");
});

export type Tls = z.output<typeof tls>;
