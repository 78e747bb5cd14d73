import type { z } from "zod";
import type { AddressedDevice } from "../../src/core/adapter.js";
import type { Device } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Problem } from "../../src/core/problem.js";
import { problemsOf } from "../../src/schema.js";

/** What a schema finds wrong with an adapter's settings. */
export function settingsProblems(schema: z.ZodType, settings: unknown): readonly Problem[] {
  const { error } = schema.safeParse(settings);
  return error === undefined ? [] : problemsOf(error);
}

/** The settings of the adapter of this name. Throws `GatewayError("config-invalid")`. */
export function openSettings<Settings>(
  schema: z.ZodType<Settings>,
  settings: unknown,
  name: string,
): Settings {
  const { data, error } = schema.safeParse(settings);
  if (error !== undefined) throw invalid(name, problemsOf(error));
  return data;
}

/** Opens the addresses of devices by `read`. What it returns throws `GatewayError("config-invalid")`. */
export function openerOf<Wiring>(
  name: string,
  read: (device: AddressedDevice) => {
    readonly wiring: Wiring | undefined;
    readonly problems: readonly Problem[];
  },
): (device: Device) => Wiring {
  return ({ id, address, channels }) => {
    const { wiring, problems } = read({ address, channels: Object.fromEntries(channels) });
    if (wiring === undefined || problems.length > 0) throw invalid(`${name}: ${id}`, problems);
    return wiring;
  };
}

function invalid(where: string, problems: readonly Problem[]): GatewayError {
  const sentences = problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return new GatewayError("config-invalid", `${where}: ${sentences.join("; ")}`);
}
