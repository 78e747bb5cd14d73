import type { StatusDocument } from "../cli/status-document.js";
import { ask } from "../control/ask.js";
import { counted } from "../core/counted.js";
import { messageOf } from "../core/errors.js";
import { version } from "../package.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Gateway");

interface Seen {
  /** One runs in the data directory, or may. */
  readonly isThere: boolean;
  /** Of one that answers. */
  readonly status?: StatusDocument;
  readonly findings: readonly Finding[];
}

export async function checkGateway(dataDir: string): Promise<Seen> {
  let status: StatusDocument | undefined;
  try {
    status = await ask(dataDir, { do: "status" });
  } catch (error) {
    const cure = "See its log; restart it if it hangs.";
    const finding = fail(`The gateway of this directory gives no answer: ${messageOf(error)}`, cure);
    return { isThere: true, findings: [finding] };
  }
  if (status === undefined) return { isThere: false, findings: [ok("None runs in this data directory.")] };
  return { isThere: true, status, findings: findingsAbout(status) };
}

/** The links of a running gateway, as it sees them itself. */
export function findingsAbout(status: StatusDocument): readonly Finding[] {
  const links = [
    { name: `XMPP, as ${status.xmpp.domain}`, ...status.xmpp },
    ...status.adapters.map((adapter) => ({ ...adapter, name: `adapter ${adapter.name} (${adapter.kind})` })),
  ];
  return [
    ok(`Runs with process id ${status.pid}, ${status.ready ? "ready" : "not ready"}.`),
    ...(status.version === version
      ? []
      : [warn(`It is version ${status.version}, and this command ${version}.`, "Restart the gateway.")]),
    ...links.map(({ name, state, detail }) => {
      const text = `Its link ${name}: ${state}${detail === "" ? "." : `: ${detail}`}`;
      if (state === "online") return ok(text);
      const cure = "Mend what it says; the gateway tries again by itself.";
      return state === "connecting" ? warn(text, cure) : fail(text, cure);
    }),
    ...(status.devices.offline === 0
      ? []
      : [
          warn(
            `Of its ${counted(status.devices.total, "device")} ${status.devices.offline} cannot be reached.`,
            "homeroster devices says which, and why.",
          ),
        ]),
  ];
}
