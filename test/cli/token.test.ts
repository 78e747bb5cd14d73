import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createToken, listTokens, revokeToken } from "../../src/cli/token.js";
import { openTokens } from "../../src/compose.js";
import { ControlSocket } from "../../src/control/socket.js";
import { answerAboutTokens } from "../../src/control/token-desk.js";
import { listenToProcess } from "./said.js";

let dataDir: string;
let said: { out: string; err: string };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "homeroster-token-"));
  said = listenToProcess();
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

test("is printed alone, and told once, also while no gateway runs", async () => {
  expect(await createToken(dataDir, "dashboard", "viewer")).toBe(0);
  expect(said.out).toMatch(/^[\w-]{43}\n$/);
  expect(said.err).toBe(
    'This is the token "dashboard" (viewer). It is told this once: keep it like a password.\n',
  );
  const token = said.out.trim();
  expect(openTokens(dataDir).verify(token)).toMatchObject({ name: "dashboard", role: "viewer" });
  const file = join(dataDir, "state/tokens.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).not.toContain(token);
  await expect(createToken(dataDir, "dashboard", "admin")).rejects.toThrow(
    'There is a token "dashboard" already.',
  );
});

test("is listed and revoked by its name", async () => {
  await createToken(dataDir, "dashboard", "viewer");
  await createToken(dataDir, "cron", "resident");
  said.out = "";
  expect(await listTokens(dataDir, false)).toBe(0);
  expect(said.out).toMatch(/^dashboard {2}viewer {4}made 20\S+Z\ncron {7}resident {2}made 20\S+Z\n$/);

  await expect(revokeToken(dataDir, "dashbord")).rejects.toThrow(
    'There is no token "dashbord". Did you mean dashboard?',
  );
  said.err = "";
  expect(await revokeToken(dataDir, "dashboard")).toBe(0);
  expect(said.err).toBe('The token "dashboard" is revoked.\n');
  said.out = "";
  await listTokens(dataDir, true);
  expect(JSON.parse(said.out)).toEqual({
    tokens: [{ name: "cron", role: "resident", createdAt: expect.any(String) }],
  });
});

test("is the running gateway's business while one runs", async () => {
  const tokens = openTokens(dataDir);
  const gateway = await ControlSocket.open(dataDir, (request) =>
    answerAboutTokens(tokens, request as Parameters<typeof answerAboutTokens>[1]),
  );
  try {
    await createToken(dataDir, "phone", "resident");
    const token = said.out.trim();
    expect(tokens.verify(token)?.role).toBe("resident");
    await revokeToken(dataDir, "phone");
    expect(tokens.verify(token)).toBeUndefined();
  } finally {
    await gateway.close();
  }
});

test("no token is made where no house is", async () => {
  await expect(createToken(join(dataDir, "dta"), "phone", "viewer")).rejects.toMatchObject({
    code: "config-invalid",
    message: `There is no data directory ${join(dataDir, "dta")}. Name it with --data, or run \`homeroster start\` once, which makes it.`,
  });
});
