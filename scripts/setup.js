// Makes a fresh clone ready to run: what is missing is installed, what changed is compiled. Needs nothing but Node, and
// prints to standard error only, for standard output belongs to what runs next.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");
const dist = join(root, "dist");
const stamp = join(dist, ".sources");
const workshop = join(root, ".cache");

checkNode();
if (!isInstalled()) install();
const sources = fingerprint();
if (!isCompiled()) {
  if (!compile()) stop("The sources do not compile; see the errors above.");
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Homeroster needs Node 20.19 or later; this is ${process.version}. Install a newer one from https://nodejs.org.`,
  );
}

function isInstalled() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed) || !existsSync(compiler)) return false;
  return statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function install() {
  console.error("Installing the libraries (npm ci) ...");
  const parameters = ["ci", "--include=dev", "--no-progress", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const done =
    npm?.endsWith(".js") || npm?.endsWith(".cjs")
      ? run(process.execPath, [npm, ...parameters])
      : run("npm", parameters);
  if (!done)
    stop("The libraries could not be installed. Check the network, and try `npm ci --include=dev` by hand.");
}

function isCompiled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
}

/** Changes when a source is added, changed or removed. */
function fingerprint() {
  const hash = createHash("sha256");
  const files = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];
  for (const directory of ["src", "adapters"]) {
    for (const file of readdirSync(join(root, directory), { recursive: true })) {
      if (file.endsWith(".ts")) files.push(join(directory, file));
    }
  }
  for (const file of files.sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

function compile() {
  console.error("Compiling ...");
  // Compiled beside and put in place as a whole: nothing of removed sources stays, and nobody sees half of it.
  const beside = join(workshop, `build-${process.pid}`);
  const replaced = `${beside}-replaced`;
  mkdirSync(beside, { recursive: true });
  removeAbandoned();
  try {
    if (!run(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", beside])) return false;
    writeFileSync(join(beside, ".sources"), sources);
    if (!isCompiled()) replaceDist(beside, replaced);
    return true;
  } finally {
    for (const left of [beside, replaced]) rmSync(left, { recursive: true, force: true });
  }
}

/** Somebody else may compile the same at the same time, and be faster. */
function replaceDist(beside, replaced) {
  try {
    if (existsSync(dist)) renameSync(dist, replaced);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  try {
    renameSync(beside, dist);
  } catch (error) {
    if (!isCompiled()) throw error;
  }
}

/** What was killed in the middle of compiling left its directory behind; its number stands in the name. */
function removeAbandoned() {
  for (const name of readdirSync(workshop)) {
    const [, pid] = /^build-(\d+)/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(workshop, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function run(command, parameters) {
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: ["ignore", 2, 2] });
  return status === 0;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
