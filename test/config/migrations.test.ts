import { describe, expect, test } from "vitest";
import { isMap, isScalar } from "yaml";
import type { Migration } from "../../src/config/migrations.js";
import { aHouse } from "./house-files.js";

/** `home.title` was called `home.name` later, and `home.clock` `home.timezone` later still. */
const steps: readonly Migration[] = [renames("title", "name"), renames("clock", "timezone")];

function renames(before: string, after: string): Migration {
  return (document) => {
    const home = document.get("home");
    const pair = isMap(home)
      ? home.items.find(({ key }) => isScalar(key) && key.value === before)
      : undefined;
    if (pair === undefined || !isScalar(pair.key)) return [];
    pair.key.value = after;
    return [`rename home.${before} to ${after}`];
  };
}

test("a file without a version is of the first, and one of the present version needs nothing", async () => {
  const first = await aHouse("home: { name: A }\n");
  expect((await first.load()).warnings).toEqual([]);
  const present = await aHouse("version: 1\nhome: { name: A }\n");
  expect(await present.load()).toMatchObject({ home: { name: "A" }, warnings: [] });
});

describe("an older file", () => {
  test("is read as it was meant, step by step, with a warning that says what to change", async () => {
    const house = await aHouse("home: { title: A, clock: Europe/Berlin }\n");
    const { home, warnings } = await house.load({ migrations: steps });
    expect(home).toMatchObject({ name: "A", timezone: "Europe/Berlin" });
    expect(warnings.map((line) => line.replace(/^.*homeroster\.yaml/, ""))).toEqual([
      ":1:1: version: is an older one than 3; write version: 3, and rename home.title to name; rename home.clock to timezone",
    ]);
  });

  test("takes only the steps that it lacks", async () => {
    const house = await aHouse("version: 2\nhome: { title: A }\n");
    expect(await house.lines({ migrations: steps })).toEqual([
      'homeroster.yaml:2:9: home.title: unknown key "title"; known here: name, language, timezone, units',
    ]);
  });

  test("has its other mistakes told where they are", async () => {
    const house = await aHouse("home:\n  title: A\n  clock: Mars\n");
    expect(await house.lines({ migrations: steps })).toEqual([
      "homeroster.yaml:3:10: home.timezone: is no time zone; write one such as Europe/Berlin",
    ]);
  });

  test("has mistakes in what a step made told at the section around it", async () => {
    const makes: Migration = (document) => {
      const home = document.get("home");
      if (isMap(home)) home.add(document.createPair("units", "cubits"));
      return ["write home.units"];
    };
    const house = await aHouse("owners: []\nhome: { name: A }\n");
    expect(await house.lines({ migrations: [makes] })).toEqual([
      'homeroster.yaml:2:1: home.units: "cubits" is not known here; known: metric, imperial',
    ]);
  });
});

test.each([
  [
    "version: 2",
    "is 2, which a newer Homeroster wrote; this one reads 1: install the newer one, or take the older file back",
  ],
  ["version: 0", "is no version; write 1"],
  ["version: latest", "is no version; write 1"],
  ["version:", "is no version; write 1"],
])("of a file with %j nothing else is said", async (version, message) => {
  const house = await aHouse(`nonsense: !secret missing\n${version}\n`);
  expect(await house.lines()).toEqual([expect.stringMatching(/^homeroster\.yaml:2:\d+: version: /)]);
  expect((await house.lines())[0]).toContain(message);
});

test("a file that is no YAML, or no section, is left to those who say so", async () => {
  expect(await (await aHouse("home: [\n")).lines({ migrations: steps })).toHaveLength(1);
  expect(await (await aHouse("- a\n")).lines({ migrations: steps })).toHaveLength(1);
});
