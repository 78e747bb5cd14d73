import { type Finding, findingsOf } from "./finding.js";

const { ok, fail } = findingsOf("Node");

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19))
    return ok(`${version} on ${process.platform} ${process.arch}.`);
  return fail(
    `${version} is too old.`,
    "Install Node 20.19 or later, from https://nodejs.org or your distribution.",
  );
}
