import type { DeviceId } from "../../../src/core/device.js";
import type { HookDoor } from "../../../src/core/hooks.js";
import { Payload } from "../../payload/payload.js";
import { payloadOf } from "./body.js";
import type { Hook } from "./settings.js";

/** What is done with what a device's webhook was told. Returns the id of the event that it became, if it became one. */
export type HookListener = (device: DeviceId, payload: Payload) => string | undefined;

/** The open webhooks of an adapter. */
export class HookRoutes {
  readonly #door: HookDoor;
  readonly #listener: HookListener;
  readonly #open = new Map<DeviceId, { readonly hook: Hook; readonly close: () => void }>();

  constructor(door: HookDoor, listener: HookListener) {
    this.#door = door;
    this.#listener = listener;
  }

  /** From now on exactly these are open. A hook that is the same object as before stays as it is. */
  follow(hooks: ReadonlyMap<DeviceId, Hook>): void {
    for (const [device, { hook, close }] of this.#open) {
      if (hooks.get(device) === hook) continue;
      close();
      this.#open.delete(device);
    }
    for (const [device, hook] of hooks) {
      if (!this.#open.has(device)) this.#open.set(device, { hook, close: this.#openOne(device, hook) });
    }
  }

  close(): void {
    this.follow(new Map());
  }

  #openOne(device: DeviceId, hook: Hook): () => void {
    const { name, key, methods } = hook;
    return this.#door.open(name, {
      device,
      key,
      methods,
      receive: (request) => {
        const payload = payloadOf(request, hook);
        return payload instanceof Payload ? { event: this.#listener(device, payload) } : payload;
      },
    });
  }
}
