import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Data directory");

const secretFiles = ["owner-password", "admin-token", "prosody/component-secret"];

const megabyte = 1024 * 1024;
const little = { warn: 500 * megabyte, fail: 20 * megabyte };

export async function checkDataDirectory(dataDir: string): Promise<readonly Finding[]> {
  const path = resolve(dataDir);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [ok(`There is no ${path} yet; \`homeroster start\` makes it.`)];
  if (!found.isDirectory()) return [fail(`${path} is no directory.`, "Name another with --data.")];
  const isOurs = await access(path, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isOurs) {
    const cure = `Run this as the user that runs the gateway (number ${found.uid}), or give the directory to this one.`;
    return [fail(`This user may not use ${path}.`, cure)];
  }
  const secrets = await Promise.all(secretFiles.map((name) => findingOfSecret(join(path, name))));
  return [privacyOf(path, found.mode & 0o777), ...secrets.flat(), spaceOf(await freeSpace(path))];
}

/** The gateway does not start with a secret that was told to others. */
async function findingOfSecret(file: string): Promise<readonly Finding[]> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (found.mode & 0o077) === 0) return [];
  return [fail(`Others may read ${file} (mode ${(found.mode & 0o777).toString(8)}).`, `chmod 600 ${file}`)];
}

function privacyOf(path: string, mode: number): Finding {
  if ((mode & 0o077) === 0) return ok(`${path}, for its owner alone.`);
  return warn(`Others may look into ${path} (mode ${mode.toString(8)}).`, `chmod 700 ${path}`);
}

async function freeSpace(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

export function spaceOf(free: number): Finding {
  const text = `${Math.floor(free / megabyte)} MB are free there.`;
  const cure = "Remove what is not needed, or move the directory and name it with --data.";
  if (free < little.fail) return fail(text, cure);
  return free < little.warn ? warn(text, cure) : ok(text);
}
