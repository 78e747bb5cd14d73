import { expect, test } from "vitest";
import type { Role } from "../../src/core/access.js";
import { People } from "../../src/core/people.js";

function aHousehold() {
  const people = new People(["configuration", "invitations"]);
  const changes: string[][] = [];
  people.onChange((principals) => changes.push([...principals].sort()));
  const set = (source: string, roles: Readonly<Record<string, Role>>) =>
    people.set(source, new Map(Object.entries(roles)));
  return { people, changes, set };
}

test("the source that was named first decides what somebody is", () => {
  const { people, set } = aHousehold();
  set("invitations", { bob: "resident", carol: "viewer" });
  set("configuration", { alice: "owner", bob: "viewer" });
  expect([...people.all()].map((name) => [name, people.roleOf(name)])).toEqual([
    ["alice", "owner"],
    ["bob", "viewer"],
    ["carol", "viewer"],
  ]);
  expect(people.roleOf("mallory")).toBeUndefined();
});

test("tells whose role is another one now, and only those", () => {
  const { changes, set } = aHousehold();
  set("configuration", { alice: "owner", bob: "resident" });
  set("configuration", { alice: "owner", bob: "viewer", carol: "viewer" });
  set("invitations", { bob: "admin" });
  set("configuration", { alice: "owner" });
  expect(changes).toEqual([
    ["alice", "bob"],
    ["bob", "carol"],
    ["bob", "carol"],
  ]);
});
