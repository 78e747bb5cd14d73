import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.js";
import { systemCodeOf } from "../core/system-code.js";
import { runTool } from "./child.js";
import { findOnSystem, openPackageTree, type PackageTree } from "./package-tree.js";

/** Says what is inside an unpacked directory; it is written last. */
const markerName = "unpacked.json";

/** The C library belongs to the running system's loader; a second one would break every program of the tree. */
const neverUnpacked = new Set(["libc6", "libc-bin"]);

interface UnpackOptions {
  /** Hears when there is more to do than to look at the marker. */
  readonly onWork?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks Debian packages, with all of their dependencies that this system lacks, below `directory`. Needs no root and
 * installs nothing. Done before for the same packages and system, it only looks at a marker. Throws
 * `GatewayError("adapter-failed")` with a sentence where there is no apt-get or no network. Called off, it rejects and
 * leaves nothing half done.
 */
export async function unpackPackages(
  names: readonly string[],
  directory: string,
  { onWork, signal }: UnpackOptions = {},
): Promise<PackageTree> {
  const system = await systemRelease();
  const present = await readMarker(directory);
  const usable = present?.system === system ? present.names : [];
  if (names.every((name) => usable.includes(name))) return openPackageTree(directory);

  for (const tool of ["apt-get", "dpkg"]) {
    if (findOnSystem(tool) !== undefined) continue;
    throw new GatewayError(
      "adapter-failed",
      `${names.join(", ")} cannot be unpacked: this system has no ${tool}. Install ${names.join(", ")} by its own package manager, so that the programs are on PATH.`,
    );
  }

  onWork?.();
  // Built beside and renamed as a whole, so that two who unpack at the same time cannot disturb each other.
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  await removeAbandoned(directory);
  const building = await mkdtemp(`${buildingPrefix(directory)}${process.pid}-`);
  try {
    const wanted = [...new Set([...usable, ...names])].sort();
    const root = join(building, "root");
    await mkdir(root, { mode: 0o755 });
    for (const archive of await download(wanted, building, signal))
      await runTool("dpkg", ["-x", archive, root], { signal });
    await writeFile(join(root, markerName), JSON.stringify({ system, names: wanted }));
    await rename(directory, join(building, "replaced")).catch(ignoreAbsence);
    await rename(root, directory).catch(ignorePresence);
  } finally {
    // The helpers of a program that was told to end may still write for a moment.
    await rm(building, { recursive: true, force: true, maxRetries: 5 });
  }
  return openPackageTree(directory);
}

/** Downloads what `names` need and the system lacks; resolves with the archives' paths. */
async function download(
  names: readonly string[],
  building: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const lists = join(building, "lists");
  const cache = join(building, "cache");
  const archives = join(building, "archives");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(cache, "archives/partial"), { recursive: true });
  await mkdir(archives);
  // Root's downloads drop to a user who may not enter our directory.
  const asWeAre = ["-q", "-o", "APT::Sandbox::User="];
  const ownLists = [...asWeAre, "-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`];
  try {
    await fetchMissing(names, asWeAre, archives, signal);
  } catch {
    // The system's lists are empty, too old, or not ours to read.
    try {
      await runTool("apt-get", [...ownLists, "update"], { signal });
      await fetchMissing(names, ownLists, archives, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new GatewayError(
        "adapter-failed",
        `${names.join(", ")} could not be downloaded from Debian: ${lastLine(messageOf(cause))}. Check the network, or install the packages with apt.`,
        { cause },
      );
    }
  }
  return (await readdir(archives))
    .filter((name) => name.endsWith(".deb"))
    .map((name) => join(archives, name));
}

async function fetchMissing(
  names: readonly string[],
  options: readonly string[],
  archives: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const simulation = [...options, "-s", "install", "--no-install-recommends", ...names];
  const plan = await runTool("apt-get", simulation, { signal });
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => !neverUnpacked.has(name));
  if (missing.length > 0) {
    await runTool("apt-get", [...options, "download", ...missing], { cwd: archives, signal });
  }
}

function buildingPrefix(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}-`);
}

/** What a process that was killed in the middle left behind; its number stands in the name. */
async function removeAbandoned(directory: string): Promise<void> {
  const prefix = basename(buildingPrefix(directory));
  for (const name of await readdir(dirname(directory))) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (pid > 0 && !isRunning(pid))
      await rm(join(dirname(directory), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}

async function readMarker(directory: string): Promise<{ system: string; names: string[] } | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, markerName), "utf8"));
  } catch {
    return undefined;
  }
}

/** What the unpacked programs were made for. */
async function systemRelease(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return `${/^ID=(.*)$/m.exec(release)?.[1] ?? ""} ${/^VERSION_ID=(.*)$/m.exec(release)?.[1] ?? ""} ${process.arch}`;
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => line.startsWith("E:")) ?? lines.at(-1) ?? "").replace(/\.+$/, "");
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Somebody else was faster, with the same packages. */
function ignorePresence(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}
