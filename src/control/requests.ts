import { z } from "zod";
import { GatewayError } from "../core/errors.js";
import { problemsOf, strict } from "../schema.js";

/** Of what goes over the control socket. Both ends are normally the same program; after an update they may not be. */
export const protocolVersion = 1;

const text = z.string().min(1).max(65_536);

const grantedRole = z.enum(["viewer", "resident", "admin"]);
/** What the command line can make someone: an owner stands in the configuration. */
export type GrantedRole = z.output<typeof grantedRole>;

const request = z.discriminatedUnion("do", [
  strict({ do: z.literal("status") }),
  strict({ do: z.literal("devices") }),
  strict({
    do: z.literal("send"),
    device: text,
    channel: text,
    value: z.string().max(65_536),
    confirm: text.exactOptional(),
  }),
  strict({ do: z.literal("token-create"), name: text, role: grantedRole }),
  strict({ do: z.literal("token-list") }),
  strict({ do: z.literal("token-revoke"), name: text }),
  strict({ do: z.literal("invite"), name: text, role: grantedRole }),
]);

/** What the owner of the data directory asks of the gateway that runs in it. */
export type ControlRequest = z.output<typeof request>;

const envelope = z.looseObject({ v: z.int() });

/** One line of the socket. Throws "value-invalid" with a sentence about what is wrong with it. */
export function parseRequest(line: string): ControlRequest {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw new GatewayError("value-invalid", "The request is no JSON.");
  }
  const { v, ...rest } = parsed(envelope, message);
  if (v === protocolVersion) return parsed(request, rest);
  throw new GatewayError(
    "value-invalid",
    `The running gateway speaks version ${protocolVersion} of this protocol, not ${v}. Restart it, so that it is the same version as this command.`,
  );
}

function parsed<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [problem] = problemsOf(result.error);
  const where = problem === undefined ? "" : problem.path.join(".");
  throw new GatewayError(
    "value-invalid",
    `The request is not understood: ${where === "" ? "it" : where} ${problem?.message}.`,
  );
}
