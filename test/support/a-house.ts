import type { Role } from "../../src/core/access.js";
import type { Adapter, DeviceSink } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Device } from "../../src/core/device.js";
import { House } from "../../src/core/house.js";
import { silentLog } from "./silent-log.js";

const roles: Readonly<Record<string, Role>> = {
  alice: "owner",
  rita: "resident",
  vera: "viewer",
  face: "viewer",
};

/** An adapter that notes what it is given; `takes` says how the transport answers, `sink` is the test's to speak through. */
export class FakeAdapter implements Adapter {
  readonly sent: Command[] = [];
  takes: (command: Command, signal: AbortSignal) => Promise<void> = async () => {};

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

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
} {
  const house = new House({
    epoch: 3,
    roleOf: (principal) => roles[principal.replace("@example.org", "")],
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
  return { house, adapter, sink };
}
