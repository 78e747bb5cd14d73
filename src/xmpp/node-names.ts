import { randomBytes } from "node:crypto";
import type { DeviceId } from "../core/device.js";
import type { Store } from "../core/store.js";

const document = "pubsub-names";

/** The PubSub node of a device: `<component domain>/<device id>`. */
export function plainNames(domain: string): (id: DeviceId) => string {
  return (id) => `${domain}/${id}`;
}

/** Random names that tell a stranger nothing, though the service lists them to anyone. They survive a restart. */
export function opaqueNames(domain: string, store: Store): (id: DeviceId) => string {
  const names = new Map(Object.entries((store.read(document) ?? {}) as Record<string, string>));
  return (id) => {
    let name = names.get(id);
    if (name === undefined) {
      name = randomBytes(12).toString("hex");
      names.set(id, name);
      void store.write(document, Object.fromEntries(names));
    }
    return `${domain}/${name}`;
  };
}
