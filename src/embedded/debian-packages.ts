import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { GatewayError, messageOf } from "../core/errors.js";
import { findOnSystem, openPackageTree, type PackageTree } from "./package-tree.js";

const execute = promisify(execFile);

/** Says what is inside an unpacked directory; it is written last. */
const markerName = "unpacked.json";

/** The C library belongs to the running system's loader; a second one would break every program of the tree. */
const neverUnpacked = new Set(["libc6", "libc-bin"]);

/**
 * Unpacks Debian packages, with all of their dependencies that this system lacks, below `directory`. Needs no root and
 * installs nothing. Done before for the same packages and system, it only looks at a marker; `onWork` hears when there is more to do. Throws
 * `GatewayError("adapter-failed")` with a sentence where there is no apt-get or no network.
 */
export async function unpackPackages(
  names: readonly string[],
  directory: string,
  onWork: () => void = () => {},
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

  onWork();
  // Built beside and renamed as a whole, so that two who unpack at the same time cannot disturb each other.
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const building = await mkdtemp(join(dirname(directory), `.${basename(directory)}-`));
  try {
    const wanted = [...new Set([...usable, ...names])].sort();
    const root = join(building, "root");
    await mkdir(root, { mode: 0o755 });
    for (const archive of await download(wanted, building)) await run("dpkg", ["-x", archive, root]);
    await writeFile(join(root, markerName), JSON.stringify({ system, names: wanted }));
    await rename(directory, join(building, "replaced")).catch(ignoreAbsence);
    await rename(root, directory).catch(ignorePresence);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return openPackageTree(directory);
}

/** Downloads what `names` need and the system lacks; resolves with the archives' paths. */
async function download(names: readonly string[], building: string): Promise<string[]> {
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
    await fetchMissing(names, asWeAre, archives);
  } catch {
    // The system's lists are empty, too old, or not ours to read.
    try {
      await run("apt-get", [...ownLists, "update"]);
      await fetchMissing(names, ownLists, archives);
    } catch (cause) {
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
): Promise<void> {
  const plan = await run("apt-get", [...options, "-s", "install", "--no-install-recommends", ...names]);
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => !neverUnpacked.has(name));
  if (missing.length > 0) await run("apt-get", [...options, "download", ...missing], archives);
}

async function run(program: string, parameters: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(program, [...parameters], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, LC_ALL: "C" },
    maxBuffer: 16 * 1024 * 1024,
    timeout: 10 * 60_000,
  });
  return stdout;
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
