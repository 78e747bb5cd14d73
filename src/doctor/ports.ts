import type { StatusDocument } from "../cli/status-document.js";
import type { Settings } from "../config/settings.js";
import { inUrl, reachableHost } from "../core/host.js";
import { isFree } from "../embedded/free-ports.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Ports");

interface Wanted {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  /** Another free port would do. */
  readonly isDefault: boolean;
  /** Where the running gateway has it; empty while it starts. */
  readonly ours: string | undefined;
}

interface Looked {
  readonly findings: readonly Finding[];
  /** A Homeroster of another data directory answers at our HTTP port. */
  readonly isOtherGateway: boolean;
}

export async function checkPorts(settings: Settings, status: StatusDocument | undefined): Promise<Looked> {
  const { http, mqtt } = settings;
  const wanted: Wanted[] = [
    { what: "HTTP", ...http, ours: status?.http.url },
    ...(mqtt === undefined
      ? []
      : [
          {
            what: "MQTT",
            host: mqtt.host,
            port: mqtt.port ?? 1883,
            isDefault: mqtt.port === undefined,
            ours: status?.mqtt?.url,
          },
        ]),
  ].filter(({ port }) => port !== 0);
  const isOtherGateway = status === undefined && (await isHomeroster(http));
  return {
    isOtherGateway,
    findings: await Promise.all(wanted.map((port) => findingOf(port, isOtherGateway))),
  };
}

async function findingOf({ what, host, port, isDefault, ours }: Wanted, isOther: boolean): Promise<Finding> {
  const name = `${what} at ${inUrl(host)}:${port}`;
  if (ours) {
    return Number(new URL(ours).port) === port
      ? ok(`${name} is the gateway's.`)
      : warn(`${name} is taken; the gateway is at ${ours}.`, "Free the port and restart, if it matters.");
  }
  if (await isFree(port, host)) return ok(`${name} is free.`);
  if (isOther) {
    return warn(`${name}: a Homeroster of another data directory runs.`, "Name its directory with --data.");
  }
  return isDefault
    ? warn(`${name} is taken; another free port would be used.`, "Stop the other program if it matters.")
    : fail(
        `${name} is taken.`,
        `Stop the other program (ss -ltnp 'sport = :${port}' names it), or choose another port.`,
      );
}

/** Whether what answers there is a gateway like this one. */
async function isHomeroster({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<boolean> {
  try {
    const url = `http://${reachableHost(host)}:${port}/readyz`;
    const answer: unknown = await (await fetch(url, { signal: AbortSignal.timeout(2000) })).json();
    return typeof answer === "object" && answer !== null && "links" in answer;
  } catch {
    return false;
  }
}
