import { expect, test } from "vitest";
import { type Memory, planRoster, type RosterItem } from "../../src/xmpp/roster-plan.js";

const want: RosterItem = { name: "Lamp", groups: ["Kitchen"], subscription: "to" };
const put: Memory = { name: "Lamp", groups: ["Kitchen"] };
const old: Memory = { name: "Old lamp", groups: ["Hall"] };

/** What becomes of one contact. */
function fate(parts: {
  readonly item?: RosterItem;
  readonly memory?: Memory;
  readonly want?: RosterItem | "nothing";
  readonly isInvited?: boolean;
}) {
  const map = <Value>(value: Value | undefined) =>
    new Map<string, Value>(value === undefined ? [] : [["lamp", value]]);
  const [{ change, memory } = {}] = planRoster({
    items: map(parts.item),
    wanted: map(parts.want === "nothing" ? undefined : (parts.want ?? want)),
    memories: map(parts.memory),
    invited: new Set(parts.isInvited ? ["lamp"] : []),
  });
  return { change, memory };
}

test("a device that was never there is put there", () => {
  expect(fate({})).toEqual({ change: want, memory: put });
});

test("what its owner took off stays away, also while the device is gone", () => {
  expect(fate({ memory: put })).toEqual({ memory: "removed" });
  expect(fate({ memory: "removed" })).toEqual({ memory: "removed" });
  expect(fate({ memory: "removed", want: "nothing" })).toEqual({ memory: "removed" });
});

test("what its owner took off comes back when they ask for it", () => {
  expect(fate({ memory: "removed", isInvited: true })).toEqual({ change: want, memory: put });
  expect(fate({ memory: put, isInvited: true })).toEqual({ change: want, memory: put });
});

test("what is as it should be is left alone", () => {
  expect(fate({ item: want, memory: put })).toEqual({ memory: put });
  expect(fate({ item: want, memory: put, isInvited: true })).toEqual({ memory: put });
});

test("a name and a room that are as we put them follow the device", () => {
  const item = { ...old, subscription: "to" };
  expect(fate({ item, memory: old })).toEqual({ change: want, memory: put });
});

test("a name of its owner stays, while the room follows; and the other way round", () => {
  const renamed = { name: "My lamp", groups: ["Hall"], subscription: "to" };
  expect(fate({ item: renamed, memory: old })).toEqual({
    change: { ...renamed, groups: ["Kitchen"] },
    memory: { name: "Old lamp", groups: ["Kitchen"] },
  });
  const moved = { name: "Old lamp", groups: ["Hall", "Favourites"], subscription: "to" };
  expect(fate({ item: moved, memory: old })).toEqual({
    change: { ...moved, name: "Lamp" },
    memory: { name: "Lamp", groups: ["Hall"] },
  });
});

test("a name that its owner gave stays theirs when the device gets it, too", () => {
  const item = { name: "My lamp", groups: ["Kitchen"], subscription: "to" };
  expect(fate({ item, memory: put })).toEqual({ memory: put });
});

test("a change that was made but not written down is no change of the owner's", () => {
  expect(fate({ item: want, memory: old })).toEqual({ memory: put });
  expect(fate({ item: want })).toEqual({ memory: put });
});

test("a contact that its owner added is theirs", () => {
  const item = { name: "", groups: [], subscription: "to" };
  expect(fate({ item })).toEqual({});
  expect(fate({ item, want: "nothing" })).toEqual({});
  expect(fate({ item: { ...item, name: "Mine" }, memory: "removed" })).toEqual({ memory: "removed" });
});

test("a subscription that was ended stays ended, and a new name or an answered wish keeps what there is", () => {
  const ended = { ...want, subscription: "none" };
  expect(fate({ item: ended, memory: put })).toEqual({ memory: put });
  expect(fate({ item: { ...old, subscription: "none" }, memory: old }).change).toEqual(ended);
  expect(fate({ item: ended, memory: put, isInvited: true }).change).toEqual(want);
  const theirs = { name: "Mine", groups: [], subscription: "from" };
  expect(fate({ item: theirs, isInvited: true })).toEqual({ change: { ...theirs, subscription: "both" } });
});

test("a device that is gone is taken off, unless its owner made the contact their own", () => {
  expect(fate({ item: want, memory: put, want: "nothing" })).toEqual({ change: "remove" });
  expect(fate({ item: { ...want, name: "Mine" }, memory: put, want: "nothing" })).toEqual({});
  expect(fate({ memory: put, want: "nothing" })).toEqual({});
});
