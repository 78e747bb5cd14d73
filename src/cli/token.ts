import { openTokens } from "../compose.js";
import type { Answers } from "../control/answers.js";
import { ask } from "../control/ask.js";
import type { GrantedRole } from "../control/requests.js";
import { ControlSocket } from "../control/socket.js";
import { answerAboutTokens, type TokenRequest } from "../control/token-desk.js";
import { GatewayError } from "../core/errors.js";
import { version } from "../package.js";
import { findDataDirectory } from "./data-directory.js";
import { exitCode } from "./exit-code.js";
import { printJson } from "./print-json.js";
import { startingStatus } from "./status-document.js";
import { columns } from "./table.js";

/** Makes a token and prints it on standard output, alone. Resolves to the exit code. */
export async function createToken(dataDir: string, name: string, role: GrantedRole): Promise<number> {
  const { token } = await answerOf(dataDir, { do: "token-create", name, role });
  process.stdout.write(`${token}\n`);
  process.stderr.write(
    `This is the token "${name}" (${role}). It is told this once: keep it like a password.\n`,
  );
  return exitCode.done;
}

export async function listTokens(dataDir: string, json: boolean): Promise<number> {
  const { tokens } = await answerOf(dataDir, { do: "token-list" });
  if (json) printJson({ tokens });
  else if (tokens.length === 0) process.stdout.write("There are no tokens.\n");
  else {
    const rows = tokens.map(({ name, role, createdAt }) => [name, role, `made ${createdAt}`]);
    process.stdout.write(`${columns(rows).join("\n")}\n`);
  }
  return exitCode.done;
}

/** From then on it opens nothing, and streams that were opened with it end. */
export async function revokeToken(dataDir: string, name: string): Promise<number> {
  await answerOf(dataDir, { do: "token-revoke", name });
  const more = name === "admin" ? " The next start writes a new one to admin-token." : "";
  process.stderr.write(`The token "${name}" is revoked.${more}\n`);
  return exitCode.done;
}

/** From the gateway that runs in the directory; where none does, from what it left there. */
async function answerOf<Request extends TokenRequest>(
  dataDir: string,
  request: Request,
): Promise<Answers[Request["do"]]> {
  const directory = await findDataDirectory(dataDir);
  return (await ask(directory, request)) ?? (await answerAlone(directory, request));
}

async function answerAlone<Request extends TokenRequest>(
  directory: string,
  request: Request,
): Promise<Answers[Request["do"]]> {
  process.umask(0o077);
  // As its gateway for a moment, so that none starts and writes at the same time.
  const lock = await ControlSocket.open(directory, ({ do: what }) => {
    if (what === "status") return startingStatus(version);
    throw new GatewayError(
      "busy",
      "Another command is at work in this data directory; try again in a moment.",
    );
  });
  try {
    return (await answerAboutTokens(openTokens(directory), request)) as Answers[Request["do"]];
  } finally {
    await lock.close();
  }
}
