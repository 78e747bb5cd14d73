import type { DeviceView } from "../../core/gateway.js";
import { fold } from "./words.js";

/** The same devices; those that share a label with another one carry their room in it, else their id. */
export function distinctly(views: readonly DeviceView[]): readonly DeviceView[] {
  const uses = new Map<string, number>();
  const count = (name: string): void => void uses.set(fold(name), (uses.get(fold(name)) ?? 0) + 1);
  const isShared = (name: string): boolean => (uses.get(fold(name)) ?? 0) > 1;
  for (const { device } of views) {
    count(device.label);
    if (device.room !== undefined) count(`${device.room} ${device.label}`);
  }
  return views.map((view) => {
    const { id, label, room } = view.device;
    if (!isShared(label)) return view;
    const longer = `${room ?? ""} ${label}`.trim();
    return renamed(view, isShared(longer) ? `${label} (${id})` : longer);
  });
}

/** A view stays a live one under another label. */
function renamed(view: DeviceView, label: string): DeviceView {
  return {
    device: { ...view.device, label },
    get availability() {
      return view.availability;
    },
    state: (channel) => view.state(channel),
  };
}
