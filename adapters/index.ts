import type { AdapterFactory } from "../src/core/adapter.js";

const loaders = new Map<string, () => Promise<{ readonly default: AdapterFactory }>>([
  ["http", () => import("./http/index.js")],
  ["mqtt", () => import("./mqtt/index.js")],
  ["serial", () => import("./serial/index.js")],
  ["simulator", () => import("./simulator/index.js")],
]);

/** What `kind` an adapter may be in the configuration. */
export const adapterKinds: readonly string[] = [...loaders.keys()];

/** Loads the code of a kind, with its libraries, when it is first named. */
export async function loadAdapter(kind: string): Promise<AdapterFactory | undefined> {
  return (await loaders.get(kind)?.())?.default;
}
