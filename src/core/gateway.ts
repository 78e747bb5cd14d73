import type { Action } from "./access.js";
import type { CommandRequest, Principal, Receipt } from "./command.js";
import type { Availability, ChannelId, Device, DeviceId } from "./device.js";
import type { AdapterStatus, GatewayEvents, Listener } from "./events.js";
import type { State } from "./state.js";

/** A device with all that is known of it. */
export interface DeviceView {
  readonly device: Device;
  readonly availability: Availability;
  state(channel: ChannelId): State | undefined;
}

/** How many devices there are, by availability. */
export interface DeviceCounts {
  readonly total: number;
  readonly online: number;
  readonly offline: number;
  readonly unknown: number;
}

/** A command on its way. */
export interface Ticket {
  readonly command: string;
  /** The one final receipt. Never rejects. */
  readonly receipt: Promise<Receipt>;
}

/** What a face may ask. A device that `principal` may not view is unknown to them. */
export interface Gateway {
  readonly epoch: number;
  /** The `seq` of what was told last. */
  readonly seq: number;
  may(principal: Principal, action: Action): boolean;
  /** In order of label. */
  devices(principal: Principal): readonly DeviceView[];
  device(principal: Principal, id: DeviceId): DeviceView | undefined;
  /** Takes a command. A refusal is a receipt, too: nothing is thrown. */
  execute(principal: Principal, request: CommandRequest): Ticket;
  /** The receipt of a command of the last ten minutes, `"accepted"` while it is under way. */
  receipt(principal: Principal, command: string): Receipt | "accepted" | undefined;
  adapters(): readonly AdapterStatus[];
  counts(): DeviceCounts;
  /** Returns the function that ends the listening. A listener that throws is logged and stops nobody else. */
  on<Name extends keyof GatewayEvents>(name: Name, listener: Listener<Name>): () => void;
}
