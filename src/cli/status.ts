import { askRunning } from "./ask-running.js";
import { exitCode } from "./exit-code.js";
import { printJson } from "./print-json.js";
import type { StatusDocument } from "./status-document.js";

interface StatusOptions {
  readonly dataDir: string;
  readonly json: boolean;
}

/** Prints how the gateway of the data directory is. Resolves to the exit code. */
export async function status({ dataDir, json }: StatusOptions): Promise<number> {
  const document = await askRunning(dataDir, { do: "status" });
  if (document === undefined) return exitCode.notRunning;
  if (json) printJson(document);
  else process.stdout.write(statusText(document));
  return exitCode.done;
}

export function statusText(status: StatusDocument): string {
  const { xmpp, devices } = status;
  const counts = [
    `${devices.total} in all`,
    ...(["online", "offline", "unknown", "pending"] as const)
      .filter((kind) => devices[kind] > 0)
      .map((kind) => `${devices[kind]} ${kind}`),
  ];
  const login = xmpp.c2sPort === null ? "" : `, clients at ${xmpp.c2sHost}:${xmpp.c2sPort}`;
  const lines = [
    `Homeroster ${status.version} (pid ${status.pid}) is ${status.ready ? "ready" : "not ready"}.`,
    `XMPP     ${xmpp.domain || "(starting)"}: ${xmpp.state}${xmpp.detail === "" ? "" : `, ${xmpp.detail}`}${login}`,
    ...(status.http.url === "" ? [] : [`HTTP     ${status.http.url}`]),
    ...(status.mqtt === null ? [] : [`MQTT     ${status.mqtt.url}`]),
    ...(status.owner === null
      ? []
      : [`Owner    ${status.owner.jid}, password in ${status.owner.passwordFile}`]),
    ...configLines(status.config),
    ...status.adapters.map(
      ({ name, kind, state, detail }) =>
        `Adapter  ${name} (${kind}): ${state}${detail === "" ? "" : `, ${detail}`}`,
    ),
    `Devices  ${counts.join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

function configLines({ file, problems, restart }: StatusDocument["config"]): string[] {
  const waiting = restart.length === 0 ? "" : `; ${restart.join(", ")} changed, which needs a restart`;
  if (file === null) return [];
  if (problems.length === 0) return [`Config   ${file}${waiting}`];
  return [
    "Config   has mistakes, and the last good one is in use:",
    ...problems.map((line) => `         ${line}`),
  ];
}
