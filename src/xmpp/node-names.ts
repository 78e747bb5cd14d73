import { randomBytes } from "node:crypto";
import type { DeviceId } from "../core/device.js";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import type { Store } from "../core/store.js";

const document = "pubsub-names";

/** The PubSub node of a device: `<component domain>/<device id>`. */
export function plainNames(domain: string): (id: DeviceId) => string {
  return (id) => `${domain}/${id}`;
}

/** Random names that tell a stranger nothing, though the service lists them to anyone. They survive a restart. */
export function opaqueNames(domain: string, store: Store, log: Log): (id: DeviceId) => string {
  const names = new Map(Object.entries((store.read(document) ?? {}) as Record<string, string>));
  return (id) => {
    let name = names.get(id);
    if (name === undefined) {
      name = randomBytes(12).toString("hex");
      names.set(id, name);
      store.write(document, Object.fromEntries(names)).catch((error) => {
        log.error({}, `the names of the PubSub nodes could not be kept: ${messageOf(error)}`);
      });
    }
    return `${domain}/${name}`;
  };
}
