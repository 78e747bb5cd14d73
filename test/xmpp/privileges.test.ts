import { parse } from "ltx";
import { beforeEach, expect, test } from "vitest";
import { Privileges } from "../../src/xmpp/privileges.js";
import type { Element } from "../../src/xmpp/xml.js";

const both = "<perm access='roster' type='both'/>";

let privileges: Privileges;
beforeEach(() => {
  privileges = new Privileges("iot.example.org");
});

function announce(
  permissions: string,
  { from = "example.org", to = "iot.example.org", type = "", ns = "urn:xmpp:privilege:2" } = {},
) {
  const attributes = `from='${from}' to='${to}'${type === "" ? "" : ` type='${type}'`}`;
  const xml = `<message ${attributes}><privilege xmlns='${ns}'>${permissions}</privilege></message>`;
  return privileges.take(parse(xml) as unknown as Element);
}

test.each(["urn:xmpp:privilege:2", "urn:xmpp:privilege:1"])("an announcement in %s counts", (ns) => {
  expect(announce(both, { ns })).toBe("example.org");
  expect(privileges.keepsRosters("example.org")).toBe(true);
});

test("a permission counts at whatever depth", () => {
  announce(
    `<perm access='iq'><namespace ns='a' type='both'><namespace ns='b' type='both'/>${both}</namespace></perm>`,
  );
  expect(privileges.keepsRosters("example.org")).toBe(true);
});

test.each([
  "<perm access='roster' type='get'/>",
  "<perm access='roster' type='none'/>",
  "<perm access='message' type='outgoing'/>",
  "<namespace ns='jabber:iq:roster' access='roster' type='both'/>",
  "",
])("half a permission is none: %s", (permissions) => {
  expect(announce(permissions)).toBeUndefined();
  expect(privileges.keepsRosters("example.org")).toBe(false);
});

test.each([
  ["a user", { from: "mallory@example.org" }],
  ["a user's device", { from: "example.org/mallory" }],
  ["nobody", { from: "" }],
  ["an error that came back", { type: "error" }],
  ["to one of our devices", { to: "lamp@iot.example.org" }],
  ["in another namespace", { ns: "urn:xmpp:privilege:3" }],
])("an announcement is not believed: %s", (_, how) => {
  expect(announce(both, how)).toBeUndefined();
  expect(privileges.keepsRosters("example.org")).toBe(false);
});

test("a domain speaks for itself alone", () => {
  announce(both, { from: "evil.example" });
  expect(privileges.keepsRosters("example.org")).toBe(false);
});

test("an announcement of less takes back what was granted, as the end of the link does", () => {
  announce(both);
  announce("<perm access='roster' type='none'/>");
  expect(privileges.keepsRosters("example.org")).toBe(false);
  expect(announce(both)).toBe("example.org");
  expect(announce(both)).toBeUndefined();
  privileges.clear();
  expect(privileges.keepsRosters("example.org")).toBe(false);
});

test("however many domains announce something, our own server is heard", () => {
  for (let number = 0; number < 100; number += 1) announce(both, { from: `${number}.example` });
  expect(privileges.keepsRosters("99.example")).toBe(false);
  expect(announce(both)).toBe("example.org");
});
