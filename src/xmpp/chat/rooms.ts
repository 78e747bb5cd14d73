import type { DeviceView } from "../../core/gateway.js";
import { fold } from "./words.js";

export interface Room {
  /** As its first device writes it; undefined for devices without a room. */
  readonly label: string | undefined;
  readonly views: readonly DeviceView[];
}

/** The rooms in order of their names, what has no room last. */
export function roomsOf(views: readonly DeviceView[]): readonly Room[] {
  const rooms = new Map<string, { label: string | undefined; views: DeviceView[] }>();
  for (const view of views) {
    const label = fold(view.device.room ?? "") === "" ? undefined : view.device.room;
    const key = fold(label ?? "");
    const room = rooms.get(key);
    if (room === undefined) rooms.set(key, { label, views: [view] });
    else room.views.push(view);
  }
  return [...rooms.values()].sort((a, b) =>
    a.label === undefined || b.label === undefined
      ? Number(a.label === undefined) - Number(b.label === undefined)
      : a.label.localeCompare(b.label, "en"),
  );
}
