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
  name: label.default("Home"),
  language: z
    .string()
    .refine(isLanguage, { error: "is no language tag; write one such as en or de" })
    .default("en"),
  timezone: z
    .string()
    .refine(isTimezone, { error: "is no time zone; write one such as Europe/Berlin" })
    .prefault(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  units: z.enum(["metric", "imperial"]).default("metric"),
}).prefault({});

export const owners = z.array(bareJid).default([]);

export const people = z
  .array(strict({ jid: bareJid, role: z.enum(["admin", "resident", "viewer"]) }))
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
  .default([]);

export const http = strict({ listen: listenAddress.exactOptional() }).prefault({});

/** The broker inside the gateway. */
export const mqtt = strict({
  listen: listenAddress.exactOptional(),
  users: z.array(strict({ name: z.string().min(1), password: secretText })).default([]),
}).optional();

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

export const group = strict({ label: label.exactOptional(), devices: z.array(z.string()) });

/** What every adapter has; the rest is the adapter's own. */
export const adapterKind = z.looseObject({ kind: z.string() });

function isTimezone(name: string): boolean {
  return succeeds(() => new Intl.DateTimeFormat("en", { timeZone: name }));
}

function isLanguage(tag: string): boolean {
  return succeeds(() => Intl.getCanonicalLocales(tag));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
