import { loadAdapter } from "../../adapters/index.js";
import type { AdapterSettings } from "../config/settings.js";
import type { Adapter, AdapterContext } from "../core/adapter.js";
import type { EmbeddedBroker } from "../embedded/broker.js";

/** How the adapters of the configuration are made. Rejects where the kind is not there. */
export function adapterMaker(broker: EmbeddedBroker | undefined) {
  return async ({ kind, settings }: AdapterSettings): Promise<(context: AdapterContext) => Adapter> => {
    const factory = await loadAdapter(kind);
    if (factory === undefined) throw new Error(`no adapter of kind ${kind}`);
    return (context) => factory.create(withBroker(settings, broker), context);
  };
}

/** In the settings of an adapter, the URL `embedded` is the broker inside the gateway, which knows the gateway. */
function withBroker(settings: unknown, broker: EmbeddedBroker | undefined): unknown {
  const isEmbedded =
    typeof settings === "object" && settings !== null && "url" in settings && settings.url === "embedded";
  return isEmbedded && broker !== undefined ? { ...broker.login, ...settings, url: broker.url } : settings;
}
