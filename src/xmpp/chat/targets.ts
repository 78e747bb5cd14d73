import type { DeviceClass } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import { distinctly } from "./distinct-labels.js";
import { roomsOf } from "./rooms.js";
import { fold } from "./words.js";

export interface Group {
  readonly id: string;
  readonly label: string;
  readonly devices: readonly string[];
}

/** Whom a text speaks of: one device, or several under one name. */
export type Target =
  | { readonly kind: "device"; readonly view: DeviceView }
  | {
      readonly kind: "several";
      /** As in "the lights in Kitchen". */
      readonly label: string;
      /** What to write to mean this and nothing else. */
      readonly exact: string;
      readonly views: readonly DeviceView[];
    };

const classWords: Readonly<Record<string, DeviceClass>> = {
  light: "light",
  lamp: "light",
  socket: "socket",
  plug: "socket",
  outlet: "socket",
  blind: "blind",
  shutter: "blind",
  lock: "lock",
  sensor: "sensor",
  thermostat: "climate",
  climate: "climate",
  meter: "meter",
  media: "media",
  alarm: "alarm",
};

/** The names by which one person can speak of devices, rooms, groups and classes. */
export class Targets {
  /** All devices, each under a label of its own. */
  readonly views: readonly DeviceView[];
  readonly #named = new Map<string, Target[]>();
  /** Rooms and groups. */
  readonly #places = new Map<string, Target & { kind: "several" }>();
  readonly #labels = new Map<string, string>();

  constructor(views: readonly DeviceView[], groups: readonly Group[]) {
    this.views = distinctly(views);
    for (const [index, view] of this.views.entries()) {
      // People say the label that they gave, shared or not.
      const { id, label, room } = views[index]?.device ?? view.device;
      const names = [id, label, `device ${id}`, ...(room === undefined ? [] : [`${room} ${label}`])];
      this.#name(names, { kind: "device", view });
      this.#labels.set(fold(label), label);
    }
    for (const { label, views: members } of roomsOf(this.views)) {
      if (label !== undefined) this.#place(label, `room ${label}`, [label, `room ${label}`], members);
    }
    for (const { id, label, devices } of groups) {
      const members = this.views.filter(({ device }) => devices.includes(device.id));
      if (members.length > 0) this.#place(label, `group ${id}`, [id, label, `group ${id}`], members);
    }
  }

  /** Everything that the phrase could mean; names that people gave come before class words. */
  find(phrase: string): readonly Target[] {
    const name = plain(phrase);
    return this.#named.get(name) ?? this.#ofClass(name.replace(/^all /, ""));
  }

  /** What to write to mean this target and no other. */
  exactName(target: Target): string {
    if (target.kind === "several") return target.exact;
    const { id } = target.view.device;
    return this.find(id).length === 1 ? id : `device ${id}`;
  }

  /** The names of devices, rooms and groups: as they are compared, and as they are shown. */
  get names(): ReadonlyMap<string, string> {
    return this.#labels;
  }

  /** "lights", "kitchen lights", "lights in the kitchen". */
  #ofClass(name: string): readonly Target[] {
    const alone = classOf(name);
    if (alone !== undefined) return [this.#several(name, this.views, alone, "")];
    const [, place = "", noun = ""] = /^(.+) (\S+)$/.exec(name) ?? [];
    const [, leading = "", behind = ""] = /^(\S+) (?:in|of) (.+)$/.exec(name) ?? [];
    for (const [word, where] of [
      [noun, place],
      [leading, behind],
    ] as const) {
      const found = this.#places.get(where);
      const deviceClass = classOf(word);
      if (found !== undefined && deviceClass !== undefined) {
        return [this.#several(word, found.views, deviceClass, ` in ${found.label}`)];
      }
    }
    return [];
  }

  #several(word: string, views: readonly DeviceView[], deviceClass: DeviceClass, where: string): Target {
    const label = `the ${word}${where}`;
    const members = views.filter(({ device }) => device.class === deviceClass);
    return { kind: "several", label, exact: `${word}${where}`, views: members };
  }

  #place(label: string, exact: string, names: readonly string[], views: readonly DeviceView[]): void {
    const place: Target = { kind: "several", label, exact, views };
    this.#name(names, place);
    for (const name of names) this.#places.set(plain(name), place);
    this.#labels.set(fold(label), label);
  }

  #name(names: readonly string[], target: Target): void {
    for (const key of new Set(names.map(plain))) {
      if (key === "") continue;
      const others = this.#named.get(key);
      if (others === undefined) this.#named.set(key, [target]);
      else others.push(target);
    }
  }
}

function classOf(word: string): DeviceClass | undefined {
  const singular = Object.hasOwn(classWords, word) ? word : word.replace(/s$/, "");
  return Object.hasOwn(classWords, singular) ? classWords[singular] : undefined;
}

/** Without articles: "the lights in the kitchen" are "lights in kitchen". */
function plain(name: string): string {
  return fold(name).replace(/\bthe /g, "");
}
