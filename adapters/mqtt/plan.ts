import type { DeviceId } from "../../src/core/device.js";
import type { Qos } from "./addresses.js";
import type { AvailabilityReader } from "./availability.js";
import { isWildcard } from "./topic-syntax.js";
import { Topics } from "./topics.js";
import type { Ear, Wiring } from "./wiring.js";

/** What one device wants of the messages under one filter. */
export interface Route {
  readonly device: DeviceId;
  /** For a topic that tells whether the device is there. */
  readonly availability: AvailabilityReader | undefined;
  readonly ears: readonly Ear[];
}

/** What to subscribe to, and who wants what comes. */
interface Plan {
  /**
   * Each distinct filter once, with the highest quality of service that one of its channels asks for. Filters inside a
   * wider one are left out: a broker may deliver a message once for each subscription that it matches.
   */
  readonly filters: ReadonlyMap<string, Qos>;
  readonly routes: Topics<Route>;
}

export function planFor(devices: ReadonlyMap<DeviceId, Wiring>): Plan {
  const routes = new Topics<Route>();
  const wanted = new Map<string, Qos>();
  for (const [device, { availability, ears }] of devices) {
    const filters = new Set(ears.map(({ filter }) => filter));
    if (availability !== undefined) filters.add(availability.filter);
    for (const filter of filters) {
      const own = ears.filter((ear) => ear.filter === filter);
      const reader = filter === availability?.filter ? availability.read : undefined;
      routes.add(filter, { device, availability: reader, ears: own });
      wanted.set(filter, highest([wanted.get(filter), ...own.map(({ qos }) => qos)]));
    }
  }
  return { filters: withoutCovered(wanted), routes };
}

function withoutCovered(wanted: ReadonlyMap<string, Qos>): ReadonlyMap<string, Qos> {
  const wide = new Topics<string>();
  for (const filter of wanted.keys()) {
    if (isWildcard(filter)) wide.add(filter, filter);
  }
  const kept = new Map(wanted);
  for (const [filter, qos] of wanted) {
    const wider = wide.covering(filter).filter((other) => other !== filter);
    if (wider.length === 0) continue;
    kept.delete(filter);
    for (const other of wider) {
      if (kept.has(other)) kept.set(other, highest([kept.get(other), qos]));
    }
  }
  return kept;
}

function highest(qualities: readonly (Qos | undefined)[]): Qos {
  return qualities.reduce<Qos>((most, qos) => (qos !== undefined && qos > most ? qos : most), 0);
}
