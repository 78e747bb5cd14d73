import type { Receipt } from "../core/command.js";
import type { Gateway } from "../core/gateway.js";
import { timestamp } from "./device-json.js";
import { HttpProblem, problemResponses } from "./problems.js";
import { accepted, channelParams, commandBody, commandParams, receipt } from "./schemas.js";
import type { Scope } from "./scope.js";

const waitLimit = 5_000;

export function commandRoutes(scope: Scope, gateway: Gateway): void {
  scope.post(
    "/api/v1/devices/:id/channels/:channel/command",
    {
      schema: {
        operationId: "sendCommand",
        summary: "Gives a command and waits at most 5 s for what became of it",
        params: channelParams,
        body: commandBody,
        response: {
          200: receipt.describe("The final receipt."),
          202: accepted.describe("The command is under way; `Location` tells where to ask."),
          ...problemResponses(
            "value-invalid",
            "request-invalid",
            "forbidden",
            "device-unknown",
            "channel-unknown",
            "channel-read-only",
            "busy",
            "superseded",
            "id-conflict",
            "confirmation-invalid",
            "confirmation-required",
            "device-offline",
          ),
        },
      },
    },
    async ({ principal, params, body }, reply) => {
      const ticket = gateway.execute(principal, { ...body, device: params.id, channel: params.channel });
      const result = await within(waitLimit, ticket.receipt);
      if (result === undefined) {
        reply.code(202).header("location", `/api/v1/commands/${encodeURIComponent(ticket.command)}`);
        return { command: ticket.command, receipt: "accepted" as const };
      }
      if (result.receipt === "refused") throw refusal(result);
      return receiptJson(result);
    },
  );

  scope.get(
    "/api/v1/commands/:command",
    {
      schema: {
        operationId: "getCommand",
        summary: "What became of a command of this token, for ten minutes",
        params: commandParams,
        response: {
          200: receipt.or(accepted).describe("The receipt."),
          ...problemResponses("command-unknown"),
        },
      },
    },
    async ({ principal, params: { command } }) => {
      const known = gateway.receipt(principal, command);
      if (known === undefined) {
        throw new HttpProblem(
          "command-unknown",
          "There was no such command of yours in the last ten minutes.",
        );
      }
      return known === "accepted" ? { command, receipt: known } : receiptJson(known);
    },
  );
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
