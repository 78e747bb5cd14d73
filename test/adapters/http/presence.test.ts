import { expect, test } from "vitest";
import { Presence } from "../../../adapters/http/presence.js";
import { RecordingSink } from "../../support/recording-sink.js";

const loss = { detail: "communication-error", text: "It is away." } as const;

function aPresence(...sources: string[]) {
  const sink = new RecordingSink();
  const presence = new Presence(sink);
  presence.follow("lamp", sources);
  return { presence, said: () => sink.availabilities.map(({ status }) => status) };
}

test("a device is offline when none of its sources answers any more", () => {
  const { presence, said } = aPresence("status", "events");
  presence.onAnswer("lamp", "status");
  presence.onAnswer("lamp", "events");
  presence.onLoss("lamp", "events", loss);
  expect(said()).toEqual(["online", "online"]);
  presence.onLoss("lamp", "status", loss);
  expect(said().at(-1)).toBe("offline");
  presence.onAnswer("lamp", "events");
  expect(said().at(-1)).toBe("online");
});

test("a device that calls is there, until its source is missed once more", () => {
  const { presence, said } = aPresence("status");
  presence.onLoss("lamp", "status", loss);
  presence.onCall("lamp");
  presence.onLoss("lamp", "status", loss);
  expect(said()).toEqual(["offline", "online", "offline"]);
});

test("nothing is said of a device while one of its sources has not been heard of", () => {
  const { presence, said } = aPresence("status", "events");
  presence.onLoss("lamp", "events", loss);
  expect(said()).toEqual([]);
});

test("a source that is taken away decides no more, and the others are still known", () => {
  const { presence, said } = aPresence("status", "events");
  presence.onAnswer("lamp", "status");
  presence.follow("lamp", ["events"]);
  presence.onLoss("lamp", "events", loss);
  expect(said()).toEqual(["online", "offline"]);
  presence.follow("lamp", ["events", "more"]);
  presence.onLoss("lamp", "more", loss);
  expect(said()).toEqual(["online", "offline", "offline"]);
});
