import { adapterMaker } from "../compose/furniture.js";
import type { AdapterSettings } from "../config/settings.js";
import type { Adapter, LinkState } from "../core/adapter.js";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, fail } = findingsOf("Adapters");

const within = 15_000;

/** Connects each adapter once, without devices; nothing is published. */
export function checkAdapters(adapters: readonly AdapterSettings[], log: Log): Promise<readonly Finding[]> {
  return Promise.all(adapters.map((adapter) => findingOf(adapter, log)));
}

async function findingOf(settings: AdapterSettings, log: Log): Promise<Finding> {
  const name = `${settings.name} (${settings.kind})`;
  if (usesOurBroker(settings)) return ok(`${name} uses the broker inside the gateway.`);
  let adapter: Adapter | undefined;
  try {
    const make = await adapterMaker(undefined)({ ...settings, settings: withoutWords(settings.settings) });
    const { state, detail } = await new Promise<{ readonly state: LinkState; readonly detail: string }>(
      (resolve, reject) => {
        const late = setTimeout(
          () => resolve({ state: "offline", detail: `no answer in ${within / 1000} s` }),
          within,
        );
        const link = (state: LinkState, detail = "") => {
          if (state === "connecting") return;
          clearTimeout(late);
          resolve({ state, detail });
        };
        const nothing = () => undefined;
        const sink = { link, report: nothing, event: nothing, availability: nothing };
        const hooks = { open: () => nothing };
        adapter = make({ name: settings.name, devices: [], sink, hooks, log });
        adapter.start().catch(reject);
      },
    );
    if (settings.kind === "http") return ok(`${name} can start; it reaches each device by itself.`);
    if (state === "online") return ok(`${name} is reached.`);
    return fail(
      `${name} is not reached: ${detail}`,
      "Correct its address or login, or start what it should reach.",
    );
  } catch (error) {
    return fail(`${name} does not start: ${messageOf(error)}`, "Correct its settings.");
  } finally {
    await adapter?.stop();
  }
}

function usesOurBroker({ settings }: AdapterSettings): boolean {
  return (
    typeof settings === "object" && settings !== null && "url" in settings && settings.url === "embedded"
  );
}

/** What an MQTT client says at its coming and going is for the gateway to say. */
function withoutWords(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) return settings;
  const { will: _will, birth: _birth, ...rest } = settings as Readonly<Record<string, unknown>>;
  return rest;
}
