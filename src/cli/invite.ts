import qrcode from "qrcode";
import type { InviteAnswer } from "../control/answers.js";
import type { GrantedRole } from "../control/requests.js";
import { askRunning } from "./ask-running.js";
import { exitCode } from "./exit-code.js";
import { printJson } from "./print-json.js";

interface InviteOptions {
  readonly dataDir: string;
  readonly name: string;
  readonly role: GrantedRole;
  readonly json: boolean;
}

/** Prints an invitation to the embedded server. Resolves to the exit code. */
export async function invite({ dataDir, name, role, json }: InviteOptions): Promise<number> {
  const answer = await askRunning(dataDir, { do: "invite", name, role });
  if (answer === undefined) return exitCode.notRunning;
  if (json) printJson(answer);
  else process.stdout.write(await inviteText(answer, process.stdout.isTTY === true));
  return exitCode.done;
}

/** A code to scan, the link, and what whoever gets it has to know. */
export async function inviteText(answer: InviteAnswer, isTerminal: boolean): Promise<string> {
  const { uri, jid, role, expiresAt, server, house } = answer;
  const look = isTerminal
    ? ({ type: "terminal", small: true } as const)
    : ({ type: "utf8", margin: 2 } as const);
  const code = await qrcode.toString(uri, { ...look, errorCorrectionLevel: "L" });
  const until = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(expiresAt),
  );
  const lines = [
    code.trimEnd(),
    uri,
    `For       ${jid}, who will be ${role} here; once, and until ${until}`,
    `Name      ${jid.slice(0, jid.indexOf("@"))}: an account of another name is refused`,
    ...serverLines(server),
    `Then      write to xmpp:${house}`,
  ];
  return `${lines.join("\n")}\n`;
}

function serverLines({ host, port, fingerprint }: InviteAnswer["server"]): string[] {
  if (fingerprint !== undefined) {
    return [`Server    ${host}:${port} with TLS`, `SHA-256   ${fingerprint}`];
  }
  return [
    `Server    ${host}:${port} without TLS, for clients on this machine alone`,
    "Phones    can use it when the gateway was started with --lan",
  ];
}
