import type { AdapterFactory, AddressedDevice, ChannelAccess } from "../core/adapter.js";
import type { Channel, ChannelId } from "../core/device.js";
import type { Problem } from "../core/problem.js";
import { accessOf, type ChannelDraft, channelLabel } from "./channels.js";
import { type OriginOf, sectionOf, settle } from "./readings.js";

/** A device whose addresses nobody has opened yet. */
export interface DeviceDraft {
  readonly address: unknown;
  readonly channels: ReadonlyMap<ChannelId, ChannelDraft>;
  readonly originOf: OriginOf;
}

/** What the adapter of a device says of its addresses. */
export type DeviceCheck = (device: AddressedDevice) => ReturnType<AdapterFactory["checkDevice"]>;

interface Examined {
  /** Paths start at the device. */
  readonly problems: readonly Problem[];
  /** Those that are right. */
  readonly channels: ReadonlyMap<ChannelId, Channel>;
  /** The device's own, read as its adapter wants it. */
  readonly address: unknown;
}

/** The device as its adapter understands its addresses. */
export function examine(draft: DeviceDraft, check: DeviceCheck): Examined {
  const { addressed, problems: inAddresses, access } = openAddresses(draft, check);
  const problems = [...inAddresses];
  const channels = new Map<ChannelId, Channel>();
  for (const [id, { fields, value, meant }] of draft.channels) {
    const [spec, ...more] = meant;
    const isFaulty = inAddresses.some(
      ({ path: [section, channel] }) => section === "channels" && channel === id,
    );
    const isUnread = inAddresses.length > 0 && access[id] === undefined;
    if (spec === undefined || more.length > 0 || isFaulty || isUnread) continue;
    const { access: wish, label: given, ...limits } = fields;
    const possible: ChannelAccess = access[id] ?? { readable: false, writable: false };
    const { problem, ...allowed } = accessOf(spec, wish, possible);
    if (problem !== undefined) problems.push({ path: ["channels", id, "access"], message: problem });
    else if (!allowed.readable && !allowed.writable) {
      const message = "says nothing to read and no command; a channel needs one of the two";
      problems.push({ path: ["channels", id, "address"], message });
    }
    if (value === undefined) continue;
    const { staleAfter } = possible;
    const usual = allowed.readable && staleAfter !== undefined ? { staleAfter } : {};
    const address = addressed.channels[id]?.address;
    channels.set(id, { id, label: channelLabel(id, given), value, ...allowed, ...usual, ...limits, address });
  }
  return { problems, channels, address: addressed.address };
}

/** Where a value is wrong, of its address only what is wrong whatever was meant. */
function openAddresses({ address, channels, originOf }: DeviceDraft, check: DeviceCheck) {
  const draft = {
    address,
    channels: Object.fromEntries([...channels].map(([id, { address }]) => [id, { address }])),
  };
  let addressed: AddressedDevice = { address: undefined, channels: {} };
  const open = (round: number) =>
    settle(
      draft,
      originOf,
      (reread) => {
        addressed = withValues(reread, channels, round);
        return check(addressed);
      },
      (result) => result.problems,
    );
  const meanings = Math.max(1, ...[...channels.values()].map(({ meant }) => meant.length));
  const { problems, access } = open(0);
  const others = Array.from({ length: meanings - 1 }, (_, index) => open(index + 1).problems);
  const common = problems.filter((problem) => others.every((found) => isAmong(found, problem)));
  return { addressed, problems: common, access };
}

function withValues(
  draft: unknown,
  drafts: ReadonlyMap<ChannelId, ChannelDraft>,
  round: number,
): AddressedDevice {
  const { address, channels } = sectionOf(draft);
  const sealed = sectionOf(channels);
  return {
    address,
    channels: Object.fromEntries(
      [...drafts].flatMap(([id, { meant }]) => {
        const value = meant[round] ?? meant[0];
        return value === undefined ? [] : [[id, { value, address: sectionOf(sealed[id]).address }]];
      }),
    ),
  };
}

export function isAmong(problems: readonly Problem[], { path, message }: Problem): boolean {
  return problems.some((other) => other.message === message && other.path.join("\0") === path.join("\0"));
}
