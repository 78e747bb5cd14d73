import { isDeepStrictEqual } from "node:util";
import type { Device } from "../core/device.js";

type Channels = Device["channels"];

/**
 * Makes devices small, for they stay as long as the gateway runs: devices whose channels are alike have one object of them in
 * common, and no text of theirs holds on to the file that it was cut from.
 */
export class Compact {
  readonly #channels = new Map<string, Channels>();

  device({ id, label, room, class: deviceClass, main, adapter, channels, address }: Device): Device {
    const shared = this.#share(channels);
    const own = {
      id: flat(id),
      label: flat(label),
      class: deviceClass,
      main: main === undefined ? undefined : shared.get(main)?.id,
      adapter,
      channels: shared,
      address: flat(address),
    };
    return room === undefined ? own : { ...own, room: flat(room) };
  }

  #share(channels: Channels): Channels {
    const key = JSON.stringify([...channels.values()]);
    let shared = this.#channels.get(key);
    if (shared === undefined || !isDeepStrictEqual(shared, channels)) {
      shared = new Map([...channels.values()].map(flat).map((channel) => [channel.id, channel]));
      this.#channels.set(key, shared);
    }
    return shared;
  }
}

/** A copy that owns its texts, of what is made of texts, numbers, lists and plain objects. */
function flat<Data>(data: Data): Data {
  if (data === undefined) return data;
  const copy: unknown = JSON.parse(JSON.stringify(data));
  // What JSON cannot say stays as it is.
  return isDeepStrictEqual(copy, data) ? (copy as Data) : data;
}
