import { z } from "zod";
import { strict } from "../../src/schema.js";
import { encoding } from "./charset.js";
import { checksum } from "./checksum.js";
import { disagreements } from "./framing/agreement.js";
import { framing } from "./framing/settings.js";

/** A port server that offers a serial port on the network. */
export interface PortServer {
  readonly host: string;
  readonly port: number;
}

const path = z
  .string("is no path; write for example /dev/serial/by-id/usb-FTDI_P1-if00")
  .transform((input, context): string | PortServer => {
    if (!input.includes("://")) {
      if (input.startsWith("/")) return input;
      context.addIssue("is no path; write /dev/serial/by-id/..., or tcp://HOST:PORT for a port server");
      return z.NEVER;
    }
    const { protocol, hostname, port, username, pathname, search } = URL.canParse(input)
      ? new URL(input)
      : new URL("wrong://");
    if (
      protocol === "tcp:" &&
      hostname !== "" &&
      Number(port) > 0 &&
      `${username}${pathname}${search}` === ""
    )
      return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
    context.addIssue("is no port server; write tcp://HOST:PORT");
    return z.NEVER;
  });

const switchable = z.boolean("is neither true nor false");

export const settings = strict({
  path: path.describe("The port by the name that stays, such as /dev/serial/by-id/..., or tcp://HOST:PORT."),
  baudRate: z
    .int("is no baud rate; write a number such as 9600")
    .min(50)
    .max(4_000_000)
    .describe("Bits a second. Default: 9600.")
    .default(9600),
  dataBits: z.literal([5, 6, 7, 8], "is no number of data bits; write 5, 6, 7 or 8").default(8),
  parity: z.enum(["none", "even", "odd", "mark", "space"]).default("none"),
  stopBits: z.literal([1, 1.5, 2], "is no number of stop bits; write 1, 1.5 or 2").default(1),
  rtscts: switchable.describe("Flow control by wires.").default(false),
  xon: switchable.default(false),
  xoff: switchable.default(false),
  lines: strict({ dtr: switchable.exactOptional(), rts: switchable.exactOptional() })
    .describe("Control lines, as they are set when the port is opened.")
    .exactOptional(),
  framing: framing
    .describe("How the bytes are cut into messages. Default: lines.")
    .prefault({ kind: "line" }),
  checksum: checksum.describe("How good messages are told from damaged ones. Default: not.").exactOptional(),
  encoding: encoding.describe("The character set of texts. Default: utf8.").default("utf8"),
}).superRefine(({ path, framing, checksum, lines }, context) => {
  const problems = checksum === undefined ? [] : disagreements(framing, checksum);
  if (lines !== undefined && typeof path !== "string")
    problems.push({ path: ["lines"], message: "is for a port of this machine; a port server sets its own" });
  for (const { path, message } of problems) context.addIssue({ code: "custom", path: [...path], message });
});
export type Settings = z.output<typeof settings>;
