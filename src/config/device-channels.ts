import type { ChannelId } from "../core/device.js";
import type { ValueSpec } from "../core/value.js";
import { type ChannelDraft, readChannel } from "./channels.js";
import type { DeviceType } from "./device-types.js";
import type { Findings, Origin } from "./findings.js";
import { idProblem } from "./ids.js";
import { isSection, keysAt, sectionOf } from "./readings.js";

interface Drafts {
  /** The channels of the type, each with what the device says differently, and the device's own. */
  readonly all: ReadonlyMap<ChannelId, ChannelDraft>;
  /** The same channels with no other addresses and limits than the device gives by itself. */
  readonly own: ReadonlyMap<ChannelId, ChannelDraft>;
}

export function readChannels(
  type: DeviceType | undefined,
  device: Origin,
  { findings, isTypeMissing }: { readonly findings: Findings; readonly isTypeMissing: boolean },
): Drafts {
  const all = new Map(type?.channels);
  const ofDevice = new Map([...all].map(([id, { value, meant }]) => [id, bare(value, meant)]));
  const at = { source: device.source, path: [...device.path, "channels"] };
  for (const id of keysAt(at)) {
    const origin = { source: at.source, path: [...at.path, id] };
    const problem = idProblem(id);
    if (problem !== undefined) findings.add(origin, problem, "key");
    const base = all.get(id);
    const own = readChannel(origin, findings);
    const isSaid = at.source.has([...origin.path, "value"]);
    if (!isSaid && base === undefined && !isTypeMissing) {
      const message = "is missing; write what the channel holds, such as switch or { kind: number }";
      findings.add({ source: at.source, path: [...origin.path, "value"] }, message);
    }
    // What is not said may stand in the type that was meant.
    const unsaid = base ?? (isTypeMissing ? bare(undefined, []) : own);
    const { value, meant } = isSaid ? own : unsaid;
    ofDevice.set(id, { ...own, value, meant });
    const fields = { ...base?.fields, ...own.fields };
    all.set(id, { fields, value, meant, address: merged(base?.address, own.address) });
  }
  return { all, own: ofDevice };
}

function bare(value: ValueSpec | undefined, meant: readonly ValueSpec[]): ChannelDraft {
  return { fields: {}, value, meant, address: undefined };
}

/** The device's own words over those of its type, key by key. */
export function merged(base: unknown, own: unknown): unknown {
  if (own === undefined) return base;
  return [base, own].every(isSection) ? { ...sectionOf(base), ...sectionOf(own) } : own;
}
