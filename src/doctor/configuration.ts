import { readSettings } from "../compose.js";
import type { Settings } from "../config/settings.js";
import { counted } from "../core/counted.js";
import { GatewayError } from "../core/errors.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Configuration");

interface Read {
  /** Absent when there are mistakes. */
  readonly settings?: Settings;
  readonly findings: readonly Finding[];
}

/** XEP-0114 hashes the secret once, so that whoever saw one handshake may guess as fast as their machine can. */
const bitsEnough = 128;

export async function checkConfiguration(file: string | undefined): Promise<Read> {
  let settings: Settings;
  try {
    settings = await readSettings(file);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const mistakes = error.message.split("\n").filter((line) => line !== "");
    const cure = "Correct it there; `homeroster check` looks again.";
    return { findings: mistakes.map((mistake) => fail(mistake, cure)) };
  }
  const { adapters, devices, file: read, warnings } = settings;
  const counts = `${counted(adapters.length, "adapter")}, ${counted(devices.length, "device")}`;
  const verdict =
    read === undefined
      ? ok(`There is no file, so the built-in trial house is used: ${counts}.`)
      : ok(`It can be used: ${counts}.`);
  const noted = warnings.map((warning) => warn(warning, "Change it there if it was not meant."));
  return { settings, findings: [verdict, ...noted, ...checkSecret(settings)] };
}

function checkSecret({ xmpp }: Settings): readonly Finding[] {
  if (xmpp.server === "embedded" || entropyOf(xmpp.secret) >= bitsEnough) return [];
  const cure = "Take a random one, for the server and for xmpp.secret: openssl rand -hex 32";
  return [warn(`The component secret is short: less than ${bitsEnough} bits.`, cure)];
}

/** At most: as if each character were chosen at random among those of its kinds. */
export function entropyOf(secret: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[0-9]/, 10],
    [/[a-f]/, 6],
    [/[g-z]/, 20],
    [/[A-F]/, 6],
    [/[G-Z]/, 20],
    [/[^0-9A-Za-z]/, 33],
  ];
  const alphabet = kinds.reduce((sum, [kind, size]) => (kind.test(secret) ? sum + size : sum), 0);
  const differing = new Set(secret).size;
  return Math.floor(secret.length * Math.log2(Math.max(1, Math.min(alphabet, differing * 2))));
}
