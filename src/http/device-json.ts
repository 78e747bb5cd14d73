import type { Availability, Channel } from "../core/device.js";
import type { DeviceView } from "../core/gateway.js";
import type { State } from "../core/state.js";

/** A device with its channels and states, as JSON tells it. What is absent is null where a reader may count on it. */
export function deviceJson(view: DeviceView, jid: string) {
  const { device } = view;
  return {
    id: device.id,
    jid,
    label: device.label,
    room: device.room ?? null,
    class: device.class,
    main: device.main ?? null,
    adapter: device.adapter,
    availability: availabilityJson(view.availability),
    channels: Object.fromEntries(
      [...device.channels.values()].map((channel) => [
        channel.id,
        channelJson(channel, view.state(channel.id)),
      ]),
    ),
  };
}

function channelJson({ label, value, readable, writable }: Channel, state: State | undefined) {
  return {
    kind: value.kind,
    label,
    ...(value.kind === "number" ? { unit: value.unit, min: value.min, max: value.max } : {}),
    ...(value.kind === "choice" ? { options: value.options } : {}),
    readable,
    writable,
    state: state === undefined ? null : stateJson(state),
  };
}

export function availabilityJson({ status, detail, text, since }: Availability) {
  return { status, detail, text, since: timestamp(since) };
}

export function stateJson(state: State) {
  return { ...state, at: timestamp(state.at) };
}

/** RFC 3339 in UTC. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
