import type { Channel, ChannelId, Device } from "../../src/core/device.js";

type ChannelParts = Partial<Channel> & Pick<Channel, "value">;
type DeviceParts = Partial<Omit<Device, "channels">> & {
  readonly channels?: Readonly<Record<ChannelId, ChannelParts>>;
};

/** A device for a test: what is left out is a kitchen lamp with a readable, writable `power`. */
export function aDevice(parts: DeviceParts = {}): Device {
  const { channels = { power: { value: { kind: "switch" } } }, ...rest } = parts;
  return {
    id: "kitchen-lamp",
    label: "Kitchen lamp",
    class: "light",
    main: Object.keys(channels)[0],
    adapter: "house",
    address: undefined,
    ...rest,
    channels: new Map(Object.entries(channels).map(([id, channel]) => [id, aChannel(id, channel)])),
  };
}

function aChannel(id: ChannelId, parts: ChannelParts): Channel {
  const label = id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");
  return { id, label, readable: true, writable: true, address: undefined, ...parts };
}
