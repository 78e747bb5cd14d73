import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Tokens } from "../../src/http/tokens.js";
import { MemoryStore } from "../support/memory-store.js";

test("a token opens the door also after a restart, and the store never saw it", async () => {
  const store = new MemoryStore();
  const token = await new Tokens(store).create("phone", "viewer");

  const restarted = new Tokens(store);

  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(restarted.verify(token)).toEqual({ name: "phone", role: "viewer", principal: "token:phone" });
  expect(restarted.roleOf("token:phone")).toBe("viewer");
  expect(JSON.stringify(store.read("tokens"))).not.toContain(token);
});

test("another token opens nothing, and another principal has no role", async () => {
  const tokens = new Tokens(new MemoryStore());
  const token = await tokens.create("phone", "viewer");

  expect(tokens.verify(`${token}x`)).toBeUndefined();
  expect(tokens.verify("")).toBeUndefined();
  expect(tokens.roleOf("phone")).toBeUndefined();
});

test("a name is taken once, and may not look like an address", async () => {
  const tokens = new Tokens(new MemoryStore());
  await tokens.create("phone", "viewer");

  await expect(tokens.create("phone", "admin")).rejects.toMatchObject({ code: "value-invalid" });
  await expect(tokens.create("alice@example.org", "admin")).rejects.toMatchObject({ code: "value-invalid" });
});

test("a token that could not be stored does not open the door", async () => {
  const store = new MemoryStore();
  const tokens = new Tokens(store);
  store.write = () => Promise.reject(new Error("the disk is full"));

  await expect(tokens.create("phone", "admin")).rejects.toThrow("the disk is full");

  expect(tokens.roleOf("token:phone")).toBeUndefined();
});

test("the first start writes an admin token for the owner alone, later ones leave it", async () => {
  const data = mkdtempSync(join(tmpdir(), "homeroster-tokens-"));
  onTestFinished(() => rmSync(data, { recursive: true }));
  const store = new MemoryStore();

  const path = await new Tokens(store).ensureAdminToken(data);
  const token = readFileSync(path, "utf8").trim();
  const restarted = new Tokens(store);
  await restarted.ensureAdminToken(data);

  expect(path).toBe(join(data, "admin-token"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8").trim()).toBe(token);
  expect(restarted.verify(token)).toEqual({ name: "admin", role: "admin", principal: "token:admin" });
});

test.each([
  [null],
  [{ tokens: {} }],
  [{ tokens: [{ name: "phone", role: "owner", hash: "00".repeat(32), createdAt: "" }] }],
  [{ tokens: [{ name: "phone", role: "admin", hash: "short", createdAt: "" }] }],
])("the stored tokens %j let nobody in", async (document) => {
  const store = new MemoryStore();
  await store.write("tokens", document);

  expect(() => new Tokens(store)).toThrow(expect.objectContaining({ code: "config-invalid" }));
});

test("a revoked token opens nothing any more, and its name is free", async () => {
  const store = new MemoryStore();
  const tokens = new Tokens(store);
  const token = await tokens.create("phone", "viewer");
  const other = await tokens.create("dashboard", "resident");
  expect(tokens.list()).toEqual([
    { name: "phone", role: "viewer", createdAt: expect.any(String) },
    { name: "dashboard", role: "resident", createdAt: expect.any(String) },
  ]);

  expect(await tokens.revoke("phone")).toBe(true);

  expect([tokens.verify(token), tokens.roleOf("token:phone")]).toEqual([undefined, undefined]);
  expect(new Tokens(store).verify(token)).toBeUndefined();
  expect(tokens.verify(other)?.name).toBe("dashboard");
  expect(await tokens.revoke("phone")).toBe(false);
  await tokens.create("phone", "admin");
  expect(tokens.verify(token)).toBeUndefined();
});

test("a token is revoked at once, whatever becomes of the disk", async () => {
  const store = new MemoryStore();
  const tokens = new Tokens(store);
  const token = await tokens.create("phone", "viewer");
  store.write = () => Promise.reject(new Error("the disk is full"));
  await expect(tokens.revoke("phone")).rejects.toThrow("the disk is full");
  expect(tokens.verify(token)).toBeUndefined();
});
