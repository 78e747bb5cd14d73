import type { Role } from "../../src/core/access.js";
import type { Adapter, DeviceSink } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Device, DeviceId } from "../../src/core/device.js";
import { House } from "../../src/core/house.js";
import { silentLog } from "./silent-log.js";

const roles: Readonly<Record<string, Role>> = {
  alice: "owner",
  rita: "resident",
  vera: "viewer",
  face: "viewer",
  "the command line": "owner",
};

/** An adapter that notes what it is given; `takes` says how the transport answers, `sink` is the test's to speak through. */
export class FakeAdapter implements Adapter {
  readonly sent: Command[] = [];
  /** The ids of the devices it was told to carry, each time anew. */
  readonly carried: (readonly DeviceId[])[] = [];
  starts = 0;
  takes: (command: Command, signal: AbortSignal) => Promise<void> = async () => {};

  async start(): Promise<void> {
    this.starts += 1;
  }

  async stop(): Promise<void> {}

  carry(devices: readonly Device[]): void {
    this.carried.push(devices.map(({ id }) => id));
  }

  send(command: Command, signal: AbortSignal): Promise<void> {
    this.sent.push(command);
    return this.takes(command, signal);
  }
}

/**
 * The real core over a fake adapter `house`. alice@example.org is an owner, rita@example.org a resident, vera@example.org a
 * viewer, "face" sees everything, others are nobody; the domain may be left out.
 */
export function aHouse(...devices: readonly Device[]): {
  house: House;
  adapter: FakeAdapter;
  sink: DeviceSink;
  /** Takes somebody's role away. */
  dismiss: (principal: string) => void;
} {
  const dismissed = new Set<string>();
  const house = new House({
    epoch: 3,
    roleOf: (principal) =>
      dismissed.has(principal) ? undefined : roles[principal.replace("@example.org", "")],
    log: silentLog,
  });
  for (const device of devices) house.put(device);
  const adapter = new FakeAdapter();
  const sinks: DeviceSink[] = [];
  house.carry("house", "fake", (context) => {
    sinks.push(context.sink);
    return adapter;
  });
  const [sink] = sinks;
  if (sink === undefined) throw new Error("the house made no adapter");
  const dismiss = (principal: string) => {
    dismissed.add(principal);
    house.onAccessChange(new Set([principal]));
  };
  return { house, adapter, sink, dismiss };
}
