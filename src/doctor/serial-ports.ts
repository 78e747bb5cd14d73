import { constants } from "node:fs";
import { access, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { AdapterSettings } from "../config/settings.js";
import { type Finding, findingsOf } from "./finding.js";
import { holderOf } from "./port-holder.js";

const { ok, warn, fail } = findingsOf("Serial ports");

const portName = /^tty(USB|ACM|AMA|S[0-9]+_USB)\d+$/;

/** Where udev keeps names that stay: by what is plugged in, else by where it is. */
const stableDirectories = ["serial/by-id", "serial/by-path"];

interface Surroundings {
  readonly adapters?: readonly AdapterSettings[];
  /** The process id of a gateway that runs. */
  readonly gateway?: number | undefined;
  /** `/dev` and `/sys`, or what stands in for them. */
  readonly devices?: string;
  readonly system?: string;
}

interface Port {
  /** A stable name where it has one. */
  readonly path: string;
  /** Behind all links. */
  readonly device: string;
  readonly isStable: boolean;
}

/** What could be a serial device, and what the configuration wants of it. */
export async function checkSerialPorts({
  adapters = [],
  gateway,
  devices = "/dev",
  system = "/sys",
}: Surroundings = {}): Promise<readonly Finding[]> {
  const paths = adapters.map(pathOf).filter((path) => path !== undefined);
  const ports = await portsIn(devices, paths);
  const found = await Promise.all(
    ports.map(async (port) => findingOf(port, await productOf(port.device, system), gateway)),
  );
  const wanted = await Promise.all(adapters.map((adapter) => wantedFindings(adapter, ports)));
  return [...(ports.length === 0 ? [ok("There are none.")] : found), ...wanted.flat()];
}

/** Those by their usual names, and those that are `wanted`, whatever their names are. */
async function portsIn(devices: string, wanted: readonly string[]): Promise<readonly Port[]> {
  const ports = new Map<string, Port>();
  const add = async (path: string) => {
    const device = await realpath(path).catch(() => undefined);
    if (device === undefined || ports.has(device)) return;
    ports.set(device, { path, device, isStable: path !== device });
  };
  for (const directory of stableDirectories)
    for (const name of await namesIn(join(devices, directory))) await add(join(devices, directory, name));
  for (const name of await namesIn(devices)) if (portName.test(name)) await add(join(devices, name));
  for (const path of wanted) await add(path);
  return [...ports.values()];
}

async function findingOf(
  { path, device, isStable }: Port,
  product: string | undefined,
  gateway: number | undefined,
): Promise<Finding> {
  const facts = [product, isStable ? basename(device) : undefined].filter((fact) => fact !== undefined);
  const name = facts.length === 0 ? path : `${path} (${facts.join(", ")})`;
  if (!(await mayUse(device)))
    return warn(
      `${name} may not be read and written by this user.`,
      permissionCure(device, await groupOf(device)),
    );
  const holder = await holderOf(device);
  if (holder === undefined) return ok(`${name} can be used.`);
  if (holder.pid === gateway) return ok(`${name} is in use by the gateway.`);
  return warn(
    `${name} is in use by ${holder.name}, process ${holder.pid}.`,
    "End that program, if the gateway is to have it.",
  );
}

/** A port that is to be used and is not there, or may have another number tomorrow. */
async function wantedFindings(adapter: AdapterSettings, ports: readonly Port[]): Promise<Finding[]> {
  const { name } = adapter;
  const path = pathOf(adapter);
  if (path === undefined) return [];
  const device = await realpath(path).catch(() => undefined);
  if (device === undefined) {
    const there = ports.map((port) => port.path).join(", ");
    const cure = there === "" ? "Plug it in." : `Plug it in, or correct \`path\`. There are: ${there}.`;
    return [fail(`${name} (serial) wants ${path}, which is not there.`, cure)];
  }
  const port = ports.find((each) => each.device === device);
  if (path !== device || port?.isStable !== true) return [];
  const text = `${name} (serial) names ${path}, which may be another device after a restart.`;
  return [warn(text, `Write its stable name: path: ${port.path}`)];
}

/** The port of this machine that an adapter wants. */
function pathOf({ kind, settings }: AdapterSettings): string | undefined {
  const { path } = Object(settings) as { readonly path?: unknown };
  return kind === "serial" && typeof path === "string" && !path.includes("://") ? path : undefined;
}

async function mayUse(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function groupOf(path: string): Promise<string | undefined> {
  const { gid } = await stat(path);
  const groups = await readFile("/etc/group", "utf8").catch(() => "");
  return new RegExp(`^([^:]+):[^:]*:${gid}:`, "m").exec(groups)?.[1];
}

/** `group` is that of the device. */
export function permissionCure(device: string, group: string | undefined): string {
  return group === undefined || group === "root"
    ? `Only root may use it. Let udev give it to a group: KERNEL=="${basename(device)}", GROUP="dialout", MODE="0660"`
    : `Add the user to the group ${group} and log in again: sudo usermod -aG ${group} $USER`;
}

/** What its maker calls it, where it is a USB device. */
async function productOf(device: string, system: string): Promise<string | undefined> {
  let directory = await realpath(join(system, "class/tty", basename(device), "device")).catch(
    () => undefined,
  );
  // The port, its interface, the USB device.
  for (let up = 0; up < 4 && directory !== undefined; up += 1) {
    const [maker, product] = await Promise.all([
      wordIn(directory, "manufacturer"),
      wordIn(directory, "product"),
    ]);
    if (product !== undefined)
      return maker === undefined || product.startsWith(maker) ? product : `${maker} ${product}`;
    directory = dirname(directory);
  }
  return undefined;
}

async function wordIn(directory: string, file: string): Promise<string | undefined> {
  const text = (await readFile(join(directory, file), "utf8").catch(() => ""))
    .replace(/[^\x20-\x7e]/g, "")
    .trim();
  return text === "" ? undefined : text;
}

function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
