import { stat } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../embedded/child.js";
import { findOnSystem } from "../embedded/package-tree.js";
import { packageRoot } from "../package.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Clock");

const cure = "Turn a time service on (sudo timedatectl set-ntp true), or set the clock.";

export async function checkClock(timeZone: string): Promise<Finding> {
  const now = new Date();
  const { mtime } = await stat(join(packageRoot, "package.json"));
  return clockFinding({ now, timeZone, notBefore: mtime, isSynchronized: await isSynchronized() });
}

export function clockFinding(seen: {
  readonly now: Date;
  readonly timeZone: string;
  /** No honest clock is before this. */
  readonly notBefore: Date;
  /** `undefined` when nobody can tell. */
  readonly isSynchronized: boolean | undefined;
}): Finding {
  const { now, timeZone, notBefore, isSynchronized } = seen;
  const shown = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone }).format(
    now,
  );
  const text = `It is ${shown} in ${timeZone}`;
  if (now.getTime() < notBefore.getTime() - 86_400_000) {
    return fail(`${text}, which is before this program was installed.`, cure);
  }
  if (isSynchronized === false) return warn(`${text}, but no time server sets the clock.`, cure);
  const source =
    isSynchronized === true ? "a time server sets it" : "whether a time server sets it cannot be told here";
  return ok(`${text}; ${source}.`);
}

async function isSynchronized(): Promise<boolean | undefined> {
  const tool = findOnSystem("timedatectl");
  if (tool !== undefined) {
    const signal = AbortSignal.timeout(3000);
    const said = await runTool(tool, ["show", "-p", "NTPSynchronized", "--value"], { signal }).catch(
      () => "",
    );
    if (/^(yes|no)\s*$/.test(said)) return said.startsWith("yes");
  }
  return stat("/run/systemd/timesync/synchronized").then(
    () => true,
    () => undefined,
  );
}
