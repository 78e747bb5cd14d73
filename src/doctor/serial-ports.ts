import { constants } from "node:fs";
import { access, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn } = findingsOf("Serial ports");

const portName = /^tty(USB|ACM|AMA|S[0-9]+_USB)\d+$/;

/** What could be a serial device, by its stable name where it has one. `devices` is `/dev`. */
export async function checkSerialPorts(devices = "/dev"): Promise<readonly Finding[]> {
  const stable = await namesIn(join(devices, "serial/by-id"));
  const plain = (await namesIn(devices)).filter((name) => portName.test(name));
  const named = await Promise.all(
    stable.map((name) => realpath(join(devices, "serial/by-id", name)).catch(() => "")),
  );
  const paths = [
    ...stable.map((name) => join(devices, "serial/by-id", name)),
    ...plain.map((name) => join(devices, name)).filter((path) => !named.includes(path)),
  ];
  if (paths.length === 0) return [ok("There are none.")];
  return Promise.all(paths.map(findingOf));
}

async function findingOf(path: string): Promise<Finding> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return ok(`${path} can be used.`);
  } catch {
    const cure = "Add the user to the group dialout and log in again: sudo usermod -aG dialout $USER";
    return warn(`${path} may not be read and written by this user.`, cure);
  }
}

function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
