import type { DeviceSink, Freshness, LinkState } from "../../src/core/adapter.js";
import type { Availability, ChannelId, DeviceEvent, DeviceId } from "../../src/core/device.js";

interface Report {
  readonly device: DeviceId;
  readonly readings: Readonly<Record<ChannelId, unknown>>;
  readonly freshness: Freshness;
}

/** A sink that keeps what an adapter told it. */
export class RecordingSink implements DeviceSink {
  readonly reports: Report[] = [];
  readonly events: { readonly device: DeviceId; readonly channel: ChannelId; readonly event: DeviceEvent }[] =
    [];
  readonly availabilities: {
    readonly device: DeviceId;
    readonly status: Availability["status"];
    readonly why?: Pick<Availability, "detail" | "text">;
  }[] = [];
  readonly links: { readonly state: LinkState; readonly detail: string }[] = [];

  report(device: DeviceId, readings: Report["readings"], freshness: Freshness = "live"): void {
    this.reports.push({ device, readings, freshness });
  }

  event(device: DeviceId, channel: ChannelId, event: DeviceEvent): string {
    return `event-${this.events.push({ device, channel, event })}`;
  }

  availability(
    device: DeviceId,
    status: Availability["status"],
    why?: Pick<Availability, "detail" | "text">,
  ): void {
    this.availabilities.push({ device, status, ...(why && { why }) });
  }

  link(state: LinkState, detail = ""): void {
    this.links.push({ state, detail });
  }

  /** The state of the link as told last. */
  get state(): LinkState | undefined {
    return this.links.at(-1)?.state;
  }
}
