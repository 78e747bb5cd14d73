import type { AdapterFactory, AddressedDevice } from "../core/adapter.js";
import type { Channel, ChannelId } from "../core/device.js";
import { accessOf, type ChannelDraft, channelLabel, readChannel } from "./channels.js";
import type { DeviceType } from "./device-types.js";
import type { Findings, Origin } from "./findings.js";
import { idProblem } from "./ids.js";
import { keysAt, type OriginOf, report, sectionOf, settle } from "./readings.js";

/** The channels of the type, each with what the device says differently, and the device's own. */
export function readChannels(
  type: DeviceType | undefined,
  device: Origin,
  { findings, isTypeMissing }: { readonly findings: Findings; readonly isTypeMissing: boolean },
): Map<ChannelId, ChannelDraft> {
  const drafts = new Map(type?.channels);
  const at = { source: device.source, path: [...device.path, "channels"] };
  for (const id of keysAt(at)) {
    const origin = { source: at.source, path: [...at.path, id] };
    const problem = idProblem(id);
    if (problem !== undefined) findings.add(origin, problem, "key");
    const base = drafts.get(id);
    const own = readChannel(origin, findings);
    const value = own.value ?? base?.value;
    if (value === undefined && !isTypeMissing && !at.source.has([...origin.path, "value"])) {
      const message = "is missing; write what the channel holds, such as switch or { kind: number }";
      findings.add({ source: at.source, path: [...origin.path, "value"] }, message);
    }
    drafts.set(id, {
      fields: { ...base?.fields, ...own.fields },
      value,
      address: merged(base?.address, own.address),
    });
  }
  return drafts;
}

interface Checked {
  readonly channels: ReadonlyMap<ChannelId, Channel>;
  /** The device's own, read as its adapter wants it. */
  readonly address: unknown;
}

/** The device's channels as the adapter understands their addresses; `undefined` when it does not. */
export function checkChannels(
  drafts: ReadonlyMap<ChannelId, ChannelDraft>,
  factory: AdapterFactory | undefined,
  at: { readonly address: unknown; readonly originOf: OriginOf; readonly findings: Findings },
): Checked | undefined {
  if (factory === undefined) return undefined;
  let addressed: AddressedDevice = { address: undefined, channels: {} };
  const draft = {
    address: at.address,
    channels: Object.fromEntries([...drafts].map(([id, { address }]) => [id, { address }])),
  };
  const { problems, access } = settle(
    draft,
    at.originOf,
    (reread) => {
      addressed = withValues(reread, drafts);
      return factory.checkDevice(addressed);
    },
    (result) => result.problems,
  );
  report(problems, at.originOf, at.findings);
  if (problems.length > 0) return undefined;
  const channels = new Map<ChannelId, Channel>();
  for (const [id, { fields, value }] of drafts) {
    if (value === undefined) continue;
    const { access: wish, label: given, ...limits } = fields;
    const possible = access[id] ?? { readable: false, writable: false };
    const { problem, ...allowed } = accessOf(value, wish, possible);
    if (problem !== undefined) at.findings.add(at.originOf(["channels", id, "access"]), problem);
    else if (!allowed.readable && !allowed.writable) {
      const message = "says nothing to read and no command; a channel needs one of the two";
      at.findings.add(at.originOf(["channels", id, "address"]), message);
    }
    const address = addressed.channels[id]?.address;
    channels.set(id, { id, label: channelLabel(id, given), value, ...allowed, ...limits, address });
  }
  return { channels, address: addressed.address };
}

/** A channel whose value is wrong stays out: what its address should be cannot be said. */
function withValues(draft: unknown, drafts: ReadonlyMap<ChannelId, ChannelDraft>): AddressedDevice {
  const { address, channels } = sectionOf(draft);
  const sealed = sectionOf(channels);
  return {
    address,
    channels: Object.fromEntries(
      [...drafts].flatMap(([id, { value }]) =>
        value === undefined ? [] : [[id, { value, address: sectionOf(sealed[id]).address }]],
      ),
    ),
  };
}

/** The device's own words over those of its type, key by key. */
export function merged(base: unknown, own: unknown): unknown {
  if (own === undefined) return base;
  const areSections = [base, own].every(
    (data) => typeof data === "object" && data !== null && !Array.isArray(data),
  );
  return areSections ? { ...sectionOf(base), ...sectionOf(own) } : own;
}
