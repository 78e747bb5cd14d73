import type { Problem } from "../core/problem.js";
import { type DeviceCheck, type DeviceDraft, examine, isAmong } from "./device-draft.js";
import type { DeviceType } from "./device-types.js";
import type { Findings, Origin } from "./findings.js";

interface Parts {
  /** What the device says without its type. */
  readonly own: DeviceDraft;
  readonly type: DeviceType;
  readonly check: DeviceCheck;
}

/**
 * Tells each mistake of a device that has a type where it was made: in the type, in the device, or, if neither has it
 * alone, at the device with the name of the type.
 */
export function blame(problems: readonly Problem[], { own, type, check }: Parts, findings: Findings): void {
  const ofType = examine(draftOf(type), check).problems;
  const ofDevice = examine(own, check).problems;
  const causes = new Set<string>();
  for (const problem of problems) {
    const { path, message, at } = problem;
    const origin = own.originOf(path);
    const isOfType = isAmong(ofType, problem);
    if (isOfType && type.source.has(path) && !origin.source.has(origin.path)) {
      findings.add({ source: type.source, path }, message, at);
    } else if (isOfType) {
      findings.add(origin, `${message} (needed by the type ${type.name})`, at);
    } else if (isAmong(ofDevice, problem)) {
      findings.add(origin, message, at);
    } else {
      // One word of the device may not go with several of the type.
      const cause = writtenPart(origin);
      if (!causes.has(cause)) findings.add(origin, `${message} (with the type ${type.name})`, at);
      causes.add(cause);
    }
  }
}

/** What the device itself says at a place, or the nearest section around it. */
function writtenPart({ source, path }: Origin): string {
  const lengths = Array.from(path, (_, index) => path.length - index);
  return path
    .slice(
      0,
      lengths.find((length) => source.has(path.slice(0, length))),
    )
    .join("\0");
}

function draftOf({ source, channels }: DeviceType): DeviceDraft {
  const originOf = (path: Origin["path"]) => ({ source, path });
  return { address: source.at(["address"]), channels, originOf };
}
