import type { Channel, Device } from "../../src/core/device.js";
import { house } from "./house.js";

/** The house as the core knows devices, carried by the adapter of that name. */
export function devicesOf(adapter: string): readonly Device[] {
  return Object.entries(house).map(([id, { label, room, class: deviceClass, main, channels }]) => ({
    id,
    label,
    room,
    class: deviceClass,
    main,
    adapter,
    channels: new Map(
      Object.entries(channels).map(([channel, { access = "r", ...rest }]): [string, Channel] => [
        channel,
        {
          id: channel,
          ...rest,
          readable: access.includes("r"),
          writable: access.includes("w"),
          address: undefined,
        },
      ]),
    ),
    address: undefined,
  }));
}
