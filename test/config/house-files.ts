import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { ConfigError, Findings } from "../../src/config/findings.js";
import { loadSettings, type Settings } from "../../src/config/settings.js";
import type { AdapterFactory } from "../../src/core/adapter.js";
import type { Channel, Device } from "../../src/core/device.js";
import { duration, problemsOf, strict } from "../../src/schema.js";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const address = strict({
  state: z.string().exactOptional(),
  command: z.string().exactOptional(),
  on: scalar.exactOptional(),
  off: scalar.exactOptional(),
  scale: z.number().exactOptional(),
});

const deviceAddress = strict({
  topic: z.string().exactOptional(),
  every: duration.exactOptional(),
}).optional();

const simulated: Device = {
  id: "hall-lamp",
  label: "Hall lamp",
  class: "light",
  main: undefined,
  adapter: "house",
  channels: new Map(),
  address: undefined,
};

function mistakes(schema: z.ZodType, data: unknown) {
  const { error } = schema.safeParse(data);
  return error === undefined ? [] : problemsOf(error);
}

/** Adapters that check as real ones do, and are never made. */
export const fakeKinds: Readonly<Record<string, AdapterFactory>> = {
  mqtt: {
    checkSettings: (settings) =>
      mistakes(
        strict({ url: z.url({ protocol: /^mqtts?$/ }), password: z.string().exactOptional() }),
        settings,
      ),
    checkDevice: (device) => ({
      problems: [
        ...mistakes(deviceAddress, device.address).map((problem) => ({
          ...problem,
          path: ["address", ...problem.path],
        })),
        ...Object.entries(device.channels).flatMap(([id, channel]) =>
          mistakes(address, channel.address ?? {}).map((problem) => ({
            ...problem,
            path: ["channels", id, "address", ...problem.path],
          })),
        ),
      ],
      access: Object.fromEntries(
        Object.entries(device.channels).map(([id, channel]) => {
          const { state, command } = Object(channel.address);
          const every = deviceAddress.safeParse(device.address).data?.every;
          return [
            id,
            {
              readable: state !== undefined,
              writable: command !== undefined,
              ...(every !== undefined && { staleAfter: 3 * every }),
            },
          ];
        }),
      ),
    }),
    create: () => {
      throw new Error("not made here");
    },
  },
  simulator: {
    checkSettings: (settings) => mistakes(strict({}), settings),
    checkDevice: () => ({ problems: [{ path: ["adapter"], message: "takes no others" }], access: {} }),
    create: () => {
      throw new Error("not made here");
    },
    devices: (_settings, adapter) => [{ ...simulated, adapter }],
  },
};

type Options = Pick<Parameters<typeof loadSettings>[0], "migrations">;

interface House {
  /** The configuration's path. */
  readonly file: string;
  load(options?: Options): Promise<Settings>;
  /** What is wrong with it, without the directory in front. */
  lines(options?: Options): Promise<readonly string[]>;
}

/** A directory with a configuration, and with other files if they are given. Files called secrets.yaml are private. */
export async function aHouse(config: string, files: Readonly<Record<string, string>> = {}): Promise<House> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries({ "homeroster.yaml": config, ...files })) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    if (name === "secrets.yaml") await chmod(path, 0o600);
  }
  const file = join(directory, "homeroster.yaml");
  const load = (options: Options = {}) =>
    loadSettings({
      file,
      kinds: ["mqtt", "simulator", "serial"],
      factory: async (kind) => fakeKinds[kind],
      typesDir: join(directory, "devices"),
      ...options,
    });
  const lines = async (options?: Options) => {
    const error = await load(options).then(
      () => new ConfigError(new Findings()),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConfigError)) throw error;
    return error.lines.map((line) => line.replaceAll(`${directory}/`, ""));
  };
  return { file, load, lines };
}

export async function devicesOf(
  devices: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly Device[]> {
  const house = await aHouse(
    `adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\ndevices:\n${devices}`,
    files,
  );
  return (await house.load()).devices;
}

export async function linesOf(
  devices: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const house = await aHouse(
    `adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\ndevices:\n${devices}`,
    files,
  );
  return house.lines();
}

export function channelOf(devices: readonly Device[], id: string): Channel | undefined {
  return devices[0]?.channels.get(id);
}
