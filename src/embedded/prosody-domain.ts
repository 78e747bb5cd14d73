import { hostname } from "node:os";
import { GatewayError } from "../core/errors.js";
import { keepText } from "../core/private-file.js";

const domainPattern =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** The domain kept in `file`; at the first call the wanted one, else the host's. Throws "config-invalid" for another one later. */
export async function fixedDomain(file: string, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && !domainPattern.test(wanted)) {
    throw new GatewayError(
      "config-invalid",
      `"${wanted}" cannot be a domain; it takes lower-case letters, digits, dashes and dots, as in home.local.`,
    );
  }
  const fixed = await keepText(file, () => wanted ?? domainOfHost(hostname()));
  if (wanted === undefined || wanted === fixed) return fixed;
  throw new GatewayError(
    "config-invalid",
    `The domain of this data directory is ${fixed} since its first start; ${wanted} needs another data directory.`,
  );
}

/** `<hostname>.local`, whatever characters the name has. */
export function domainOfHost(name: string): string {
  const label = (name.split(".")[0] ?? "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-|-$/g, "");
  return `${label === "" || label === "localhost" ? "home" : label}.local`;
}
