import type { FastifyInstance } from "fastify";
import type { CommandRequest, Receipt } from "../core/command.js";
import type { Gateway } from "../core/gateway.js";
import { timestamp } from "./device-json.js";
import { HttpProblem } from "./problems.js";

const waitLimit = 5_000;
const idLimit = 128;

export function commandRoutes(scope: FastifyInstance, gateway: Gateway): void {
  scope.post<{ Params: { id: string; channel: string } }>(
    "/v1/devices/:id/channels/:channel/command",
    async ({ principal, params, body }, reply) => {
      const ticket = gateway.execute(principal, {
        ...parseCommandBody(body),
        device: params.id,
        channel: params.channel,
      });
      const receipt = await within(waitLimit, ticket.receipt);
      if (receipt === undefined) {
        reply.code(202).header("location", `/api/v1/commands/${encodeURIComponent(ticket.command)}`);
        return { command: ticket.command, receipt: "accepted" };
      }
      if (receipt.receipt === "refused") throw refusal(receipt);
      return receiptJson(receipt);
    },
  );

  scope.get<{ Params: { command: string } }>("/v1/commands/:command", async ({ principal, params }) => {
    const receipt = gateway.receipt(principal, params.command);
    if (receipt === undefined) {
      throw new HttpProblem("command-unknown", "There was no such command of yours in the last ten minutes.");
    }
    return receipt === "accepted" ? { command: params.command, receipt } : receiptJson(receipt);
  });
}

function parseCommandBody(body: unknown): Pick<CommandRequest, "value" | "id" | "confirm"> {
  const shape = 'the body should be an object: {"value": ..., "id"?: "...", "confirm"?: "..."}';
  if (typeof body !== "object" || body === null || Array.isArray(body) || !("value" in body)) {
    throw new HttpProblem("request-invalid", `A value is missing; ${shape}.`);
  }
  const { value, id, confirm, ...others }: Readonly<Record<string, unknown>> & { readonly value: unknown } =
    body;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new HttpProblem("request-invalid", `"${other.slice(0, 64)}" is not known; ${shape}.`);
  }
  return { value, ...optionalText("id", id), ...optionalText("confirm", confirm) };
}

function optionalText(key: "id" | "confirm", text: unknown): { readonly [Key in typeof key]?: string } {
  if (text === undefined) return {};
  if (typeof text === "string" && text.length > 0 && text.length <= idLimit) return { [key]: text };
  throw new HttpProblem("request-invalid", `"${key}" should be a text of 1 to ${idLimit} characters.`);
}

function refusal({ command, code, detail, confirm, expiresAt }: Receipt): HttpProblem {
  return new HttpProblem(code ?? "forbidden", detail ?? "The command was refused.", {
    command,
    ...(confirm === undefined ? {} : { confirm }),
    ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
  });
}

function receiptJson({ command, receipt, code, detail }: Receipt) {
  return { command, receipt, code, detail };
}

async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([result, passed]);
  } finally {
    clearTimeout(timer);
  }
}
