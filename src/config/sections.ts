import { z } from "zod";
import { isLoopback } from "../core/host.js";
import type { Problem } from "../core/problem.js";
import { strict } from "../schema.js";
import { bareJid, listenAddress, secretText } from "./addresses.js";
import { cleanLabel } from "./label.js";
import { sectionOf } from "./readings.js";

/** Text for people, cleaned; empty when nothing is left of it. */
export const label = z.string().transform(cleanLabel);

const named = z.record(z.string(), z.unknown()).nullish();

/** What a file may have; each section is read by itself, so that one mistake hides no other. */
export const root = strict({
  version: z.unknown(),
  home: z.unknown(),
  xmpp: z.unknown(),
  owners: z.unknown(),
  people: z.unknown(),
  http: z.unknown(),
  mqtt: z.unknown(),
  adapters: named,
  groups: named,
  devices: named,
}).partial();

export const home = strict({
  name: label.describe("What the house is called.").default("Home"),
  language: z
    .string()
    .refine(isLanguage, { error: "is no language tag; write one such as en or de" })
    .describe("A language tag: decides whether numbers are shown with a point or a comma.")
    .default("en"),
  timezone: z
    .string()
    .refine(isTimezone, { error: "is no time zone; write one such as Europe/Berlin" })
    .describe("Times are shown in this zone, such as Europe/Berlin. Default: the system's.")
    .exactOptional(),
  units: z
    .enum(["metric", "imperial"])
    .describe("metric: each channel in its own unit. imperial: shown and read in °F, mph, in, ...")
    .default("metric"),
}).prefault({});

/** The system's time zone; UTC where it has none that is known. */
export function systemTimezone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return isTimezone(timeZone) ? timeZone : "UTC";
}

export const owners = z.array(bareJid).describe("Bare addresses that may do everything.").default([]);

export const people = z
  .array(
    strict({
      jid: bareJid.describe("A bare address, such as bob@example.org."),
      role: z.enum(["admin", "resident", "viewer"]),
    }),
  )
  .superRefine((people, context) => {
    const jids = people.map(({ jid }) => jid);
    jids.forEach((jid, index) => {
      if (jids.indexOf(jid) === index) return;
      context.addIssue({
        code: "custom",
        path: [index, "jid"],
        message: `${jid} is here twice; keep one of the two`,
      });
    });
  })
  .describe("Who else may see and operate the house.")
  .default([]);

export const http = strict({
  listen: listenAddress
    .describe("IP:PORT, 127.0.0.1:8480 by default; port 0 is any free one.")
    .exactOptional(),
})
  .describe("The HTTP API.")
  .prefault({});

/** The broker inside the gateway. */
export const mqtt = strict({
  listen: listenAddress
    .describe("IP:PORT, a free port of 127.0.0.1 by default. Beyond this machine it needs users.")
    .exactOptional(),
  users: z.array(strict({ name: z.string().min(1), password: secretText })).default([]),
})
  .describe("The broker inside the gateway, for adapters with `url: embedded`. It runs if it is named.")
  .optional();

/** Mistakes that no single key shows. Paths start at the section. */
export function mqttProblems(raw: unknown): readonly Problem[] {
  const { listen, users } = sectionOf(raw);
  const names = Array.isArray(users) ? users.map((user) => sectionOf(user).name) : [];
  const problems: Problem[] = names.flatMap((name, index) =>
    typeof name === "string" && names.indexOf(name) < index
      ? [
          {
            path: ["users", index, "name"],
            message: `${JSON.stringify(name)} is here twice; keep one of the two`,
          },
        ]
      : [],
  );
  const address = listenAddress.safeParse(listen);
  if (address.success && !isLoopback(address.data.host) && names.length === 0) {
    const message = "is open to other machines, which needs passwords; add users, or listen on 127.0.0.1";
    problems.push({ path: ["listen"], message });
  }
  return problems;
}

export const group = strict({
  label: label.describe("What people call it. Default: the id, made readable.").exactOptional(),
  devices: z.array(z.string()).describe("The ids of its devices."),
});

/** What every adapter has; the rest is the adapter's own. */
export const adapterKind = z.looseObject({ kind: z.string() });

function isTimezone(name: string | undefined): boolean {
  return name !== undefined && succeeds(() => new Intl.DateTimeFormat("en", { timeZone: name }));
}

/** Known, and not only well formed: of an unknown one, numbers would be written as the system does it. */
function isLanguage(tag: string): boolean {
  return succeeds(() => Intl.NumberFormat.supportedLocalesOf(tag)[0] !== undefined);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    return attempt() !== false;
  } catch {
    return false;
  }
}
