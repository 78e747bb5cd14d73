import { afterAll, beforeAll, expect, test } from "vitest";
import type { Auth } from "../../../../adapters/http/client/auth.js";
import { startLighttpd, type TestLighttpd } from "./lighttpd.js";
import { aClient, aRequest, options, textOf } from "./test-servers.js";

// An independent server for what both sides must understand alike.
let server: TestLighttpd;

const algorithms = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256"];
const status = JSON.stringify({ power: 1234 });
const login = { username: "house", password: 'se"cret: °' };

/** Whoever asks with this query has to log in. */
function guarded(query: string, how: string): string {
  return `$HTTP["querystring"] == "${query}" { auth.require = ("" => (${how}, "realm" => "House, 1", "require" => "valid-user")) }`;
}

beforeAll(async () => {
  server = await startLighttpd({ "status.json": status, users: `${login.username}:${login.password}\n` }, [
    'server.modules = ("mod_auth", "mod_authn_file")',
    'mimetype.assign = (".json" => "application/json")',
    'auth.backend = "plain"',
    'auth.backend.plain.userfile = "{directory}/users"',
    ...algorithms.map((name) => guarded(name, `"method" => "digest", "algorithm" => "${name}"`)),
    guarded("both", '"method" => "digest", "algorithm" => "SHA-256|MD5"'),
    guarded("basic", '"method" => "basic"'),
  ]);
});

afterAll(() => server.stop());

test.each([...algorithms, "both"])("a login by digest with %s is taken, again and again", async (query) => {
  const auth: Auth = { kind: "digest", ...login };
  const client = aClient();
  const ask = () => client.request(aRequest(server.url(`/status.json?${query}`), { auth }), options());
  for (let count = 0; count < 3; count += 1) expect(textOf(await ask())).toBe(status);
  const together = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
  expect(together.map(textOf)).toEqual(Array(5).fill(status));
});

test("a login by basic is taken, in UTF-8", async () => {
  const auth: Auth = { kind: "basic", ...login };
  const answer = await aClient().request(aRequest(server.url("/status.json?basic"), { auth }), options());
  expect(textOf(answer)).toBe(status);
});

test.each([
  ["SHA-256", { kind: "digest", ...login, password: "wrong" }, "digest"],
  ["MD5", { kind: "basic", ...login }, "digest"],
  ["basic", { kind: "digest", ...login }, "basic"],
  ["basic", undefined, "basic"],
] satisfies [string, Auth | undefined, string][])(
  "at %s the login %j is refused",
  async (query, auth, wanted) => {
    const failure = aClient().request(
      aRequest(server.url(`/status.json?${query}`), auth === undefined ? {} : { auth }),
      options(),
    );
    await expect(failure).rejects.toMatchObject({
      kind: "unauthorized",
      status: 401,
      message: `${server.url("/status.json")}?... answered 401 Unauthorized; check \`auth\`, it asks for ${wanted}`,
      mayHaveHappened: false,
    });
  },
);

test("a file that did not change is not sent again", async () => {
  const client = aClient();
  const request = aRequest(server.url("/status.json"));
  const conditional = options({ isConditional: true });
  expect(textOf(await client.request(request, conditional))).toBe(status);
  expect(await client.request(request, conditional)).toMatchObject({ status: 304, isUnchanged: true });
});
