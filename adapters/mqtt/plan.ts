import type { DeviceId } from "../../src/core/device.js";
import type { Qos } from "./addresses.js";
import type { AvailabilityReader } from "./availability.js";
import { isWildcard } from "./topic-syntax.js";
import { Topics } from "./topics.js";
import type { TopicEar, Wiring } from "./wiring.js";

/** What one device wants of the messages under one filter. */
export interface Route {
  readonly device: DeviceId;
  /** For a topic that tells whether the device is there. */
  readonly availability: AvailabilityReader | undefined;
  readonly ears: readonly TopicEar[];
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

/**
 * `leaving` is how some of the devices were wired until now: what they listened to is still routed to them, but not asked
 * for any more.
 */
export function planFor(
  devices: ReadonlyMap<DeviceId, Wiring>,
  leaving: ReadonlyMap<DeviceId, Wiring> = new Map(),
): Plan {
  const routes = new Topics<Route>();
  const wanted = new Map<string, Qos>();
  for (const [device, wiring] of devices) {
    const filters = filtersOf(wiring);
    for (const filter of filters) {
      const route = routeOf(device, wiring, filter);
      routes.add(filter, route);
      wanted.set(filter, highest([wanted.get(filter), ...route.ears.map(({ qos }) => qos)]));
    }
    const former = leaving.get(device);
    if (former === undefined) continue;
    for (const filter of filtersOf(former)) {
      if (!filters.has(filter)) routes.add(filter, routeOf(device, former, filter));
    }
  }
  return { filters: withoutCovered(wanted), routes };
}

/** Those of the planned filters that bring what these devices listen to. */
export function filtersFor(
  wirings: Iterable<Wiring>,
  planned: ReadonlyMap<string, Qos>,
): ReadonlySet<string> {
  const wide = wildcardsOf(planned.keys());
  const found = new Set<string>();
  for (const wiring of wirings) {
    for (const filter of filtersOf(wiring)) {
      for (const own of planned.has(filter) ? [filter] : wide.covering(filter)) found.add(own);
    }
  }
  return found;
}

function filtersOf({ availability, ears }: Wiring): ReadonlySet<string> {
  const filters = new Set(ears.map(({ filter }) => filter));
  if (availability !== undefined) filters.add(availability.filter);
  return filters;
}

function routeOf(device: DeviceId, { availability, ears }: Wiring, filter: string): Route {
  return {
    device,
    availability: filter === availability?.filter ? availability.read : undefined,
    ears: ears.filter((ear) => ear.filter === filter),
  };
}

function wildcardsOf(filters: Iterable<string>): Topics<string> {
  const wide = new Topics<string>();
  for (const filter of filters) if (isWildcard(filter)) wide.add(filter, filter);
  return wide;
}

function withoutCovered(wanted: ReadonlyMap<string, Qos>): ReadonlyMap<string, Qos> {
  const wide = wildcardsOf(wanted.keys());
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
