import { setImmediate as turn } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";
import type { StreamSource } from "../../../../adapters/http/streams/source.js";
import { EventStream } from "../../../../adapters/http/streams/stream.js";
import { RecordingLog } from "../../../support/recording-log.js";
import { RecordingListener } from "./recording-listener.js";

/** What waits, waits until a test says so; the sockets are real. */
export function holdClock(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
}

export function releaseClock(): void {
  vi.restoreAllMocks();
  vi.useRealTimers();
}

/** A stream that was started. `waits` are the milliseconds after which it will try again, one for each time that it told of a loss. */
export function aStream(source: Partial<StreamSource> & Pick<StreamSource, "url">) {
  const listener = new RecordingListener();
  const log = new RecordingLog();
  const waits: number[] = [];
  const timers = vi.spyOn(globalThis, "setTimeout");
  const stream = new EventStream(
    { kind: "sse", headers: {}, protocols: [], send: [], ...source },
    {
      onState: (state, detail, isRefusal) => {
        if (state === "offline") waits.push(timers.mock.lastCall?.[1] ?? 0);
        listener.onState(state, detail, isRefusal);
      },
      onMessage: listener.onMessage,
    },
    log,
  );
  onTestFinished(() => stream.stop());
  stream.start();
  return { stream, listener, log, waits };
}

/** Takes the first out of a list, once there is one. */
export async function nextOf<Item>(list: Item[]): Promise<Item> {
  await until(() => list.length > 0);
  return list.shift() as Item;
}

/** Until something happened that no timer brings: the clock stands still meanwhile. */
export async function until(look: () => boolean): Promise<void> {
  while (!look()) await turn();
}
