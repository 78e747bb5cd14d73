import fc from "fast-check";
import { expect, test } from "vitest";
import { code, TalkingHouse } from "./talking-house.js";

const words = [
  ..."on off toggle open close stop lock unlock press set status help list yes no please turn the all in".split(
    " ",
  ),
  ..."40% 40 +10 -5 : = ? yes: kitchen hall lights blinds locks lamp oven front-door outside siren power".split(
    " ",
  ),
  ..."Front door downstairs device room group panel message 1234 true hazard confirm".split(" "),
];

const hazards = ["front-door/lock=unlock", "front-door/lock=open", "outside/siren=true", "oven/power=true"];

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((parts) => parts.join(" ")),
);

test("no text throws, none does a hazard, and every answer is short and printable", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (texts) => {
      const house = new TalkingHouse();
      for (const said of texts) {
        const answers = [
          await house.say(said),
          await house.tell("front-door", said),
          await house.tell("panel", said),
        ];
        for (const answer of answers) {
          if (answer === undefined) continue;
          expect(answer.length).toBeLessThan(4000);
          expect(answer).not.toMatch(/\p{Cs}|[^\P{Cc}\n]/u);
        }
      }
      // A text that happens to hold the code may use it.
      fc.pre(!texts.join(" ").includes(code));
      expect(house.gateway.executed.filter(({ request }) => request.confirm !== undefined)).toEqual([]);
      expect(house.done.filter((done) => hazards.includes(done))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test.each(["a ", "on ", ": ", "kitchen ", "é", "[", "40"])("4 KB of %j are answered", async (unit) => {
  expect(await new TalkingHouse().say(unit.repeat(4096 / unit.length))).toBeDefined();
});
