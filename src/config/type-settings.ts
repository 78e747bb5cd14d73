import type { DeviceType } from "./device-types.js";
import type { Findings } from "./findings.js";
import { isSection, sectionOf } from "./readings.js";
import type { Source } from "./source.js";

interface Carried {
  readonly source: Source;
  readonly type: DeviceType;
  /** The name of the adapter that carries the device, and its settings. */
  readonly adapter: { readonly name: string; readonly settings: unknown };
  /** The device's own, which some adapters let say the same. */
  readonly address: unknown;
}

/** Warns where an adapter is told otherwise than the type of its device is written for, or nothing: both may be right. */
export function compareSettings({ source, type, adapter, address }: Carried, warnings: Findings): void {
  const settings = sectionOf(adapter.settings);
  for (const [word, wanted] of Object.entries(type.settings ?? {})) {
    const given = settings[word] ?? sectionOf(address)[word];
    if (given !== undefined && kindOf(given) === kindOf(wanted)) continue;
    const meant = JSON.stringify(wanted);
    warnings.add(
      { source, path: ["adapters", adapter.name, word] },
      `${given === undefined ? "is missing" : "differs"}; the type ${type.name} is written for ${meant}`,
    );
  }
}

/** Of sections the kind alone counts: the rest of one that was written is a matter of the house. */
function kindOf(setting: unknown): unknown {
  return isSection(setting) ? sectionOf(setting).kind : setting;
}
