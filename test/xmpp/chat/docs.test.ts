import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Locale, localeOf } from "../../../src/core/locale.js";
import { TalkingHouse } from "./talking-house.js";

const home = { language: "en", timezone: "UTC", units: "metric" } as const;
const locales: Readonly<Record<string, Locale>> = {
  imperial: localeOf({ ...home, units: "imperial" }),
  german: localeOf({ ...home, language: "de" }),
};

const page = readFileSync(fileURLToPath(new URL("../../../docs/chat.md", import.meta.url)), "utf8");
const talks = [...page.matchAll(/^```chat (\S+)(?: (\S+))?\n(.*?)^```$/gms)].map(
  ([, partner = "", manner = "", talk = ""]) => ({
    partner,
    manner,
    talk: talk.trimEnd(),
  }),
);

test.each(talks)("docs/chat.md is true: a talk with $partner", async ({ partner, manner, talk }) => {
  const house = new TalkingHouse(locales[manner]);
  house.gateway.report("kitchen-lamp", { power: true, brightness: 40, color: "#ff8800" });
  house.gateway.report("thermostat", { temperature: 20, "target-temperature": 21, mode: "heat" });
  house.gateway.report("kitchen-blind", { position: 100 });
  const lines: string[] = [];
  for (const said of talk.split("\n").filter((line) => line.startsWith("> "))) {
    const text = said.slice(2);
    lines.push(said, String(partner === "house" ? await house.say(text) : await house.tell(partner, text)));
  }
  expect(lines.join("\n")).toBe(talk);
});

test("docs/chat.md has talks", () => {
  expect(talks.length).toBeGreaterThan(8);
});
