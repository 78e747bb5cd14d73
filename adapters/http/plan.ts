import type { DeviceId } from "../../src/core/device.js";
import type { Ear } from "../payload/ear.js";
import { largestState } from "../payload/message-size.js";
import { lowerCase } from "./client/auth.js";
import type { HttpRequest } from "./client/request.js";
import type { RequestDraft } from "./request-words.js";
import type { Settings } from "./settings.js";
import type { Wiring } from "./wiring.js";

/** One request that is asked at intervals, for all who read its answer. */
export interface PlannedPoll {
  readonly request: HttpRequest;
  /** Milliseconds: the shortest interval that one of them wants. */
  readonly every: number;
  readonly audience: ReadonlyMap<DeviceId, readonly Ear[]>;
}

/** What has to be asked, by what is asked: each distinct request once, however many devices read its answer. */
export function planFor(
  devices: ReadonlyMap<DeviceId, Wiring>,
  settings: Settings,
): ReadonlyMap<string, PlannedPoll> {
  const polls = new Map<
    string,
    { request: HttpRequest; every: number; audience: Map<DeviceId, readonly Ear[]> }
  >();
  for (const [device, { sources }] of devices) {
    for (const { request: draft, every, ears } of sources) {
      const request = requestOf(
        draft,
        settings,
        Math.max(largestState, ...ears.map(({ largest }) => largest)),
      );
      const key = keyOf(request);
      const planned = polls.get(key);
      if (planned === undefined) {
        polls.set(key, { request, every, audience: new Map([[device, ears]]) });
        continue;
      }
      planned.every = Math.min(planned.every, every);
      planned.audience.set(device, [...(planned.audience.get(device) ?? []), ...ears]);
      if (request.limit > planned.request.limit) planned.request = request;
    }
  }
  return polls;
}

/** What an address leaves out is as the adapter's settings say. */
export function requestOf(draft: RequestDraft, settings: Settings, limit: number): HttpRequest {
  const { method, url, body } = draft;
  const [auth, tls] = [draft.auth ?? settings.auth, draft.tls ?? settings.tls];
  return {
    method,
    url: new URL(url),
    headers: { ...lowerCase(settings.headers), ...draft.headers },
    timeout: draft.timeout ?? settings.timeout,
    limit,
    ...(body !== undefined && { body }),
    ...(auth !== undefined && { auth }),
    ...(tls !== undefined && { tls }),
  };
}

function keyOf({ limit: _, headers, ...request }: HttpRequest): string {
  return JSON.stringify([request, Object.entries(headers).sort()]);
}
