import type { Channel, ChannelId } from "./device.js";
import type { ValueKind } from "./value.js";

/** What people mean first when they name a device: "lock the door", "open the blind", "lamp on". */
const commandOrder: readonly ValueKind[] = ["lock", "cover", "switch", "level", "color", "choice", "number"];

/**
 * The channel that stands for its device where none is named: the first writable one of the first of these kinds, else
 * the first that holds a value.
 */
export function mainChannel(channels: Iterable<Channel>): ChannelId | undefined {
  const all = [...channels];
  for (const kind of commandOrder) {
    const main = all.find(({ value, writable }) => writable && value.kind === kind);
    if (main !== undefined) return main.id;
  }
  return all.find(({ value, readable }) => readable && value.kind !== "event")?.id;
}
