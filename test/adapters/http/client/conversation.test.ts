import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { aClient, anHttpServer, aRequest, options, textOf } from "./test-servers.js";

describe("a redirect", () => {
  /** Answers `/STATUS/...` with that status, leading to the rest of the path; tells what else is asked. */
  function redirecting() {
    return anHttpServer(async (request, response) => {
      const [, status, target] = /^\/(\d{3})(\/.*)$/.exec(request.url ?? "") ?? [];
      if (target !== undefined) return response.writeHead(Number(status), { location: target }).end("moved");
      const body = await text(request);
      return response.end([request.method, request.url, request.headers.authorization, body].join(" "));
    });
  }

  test.each([301, 302, 303, 307, 308])("by %i within the origin is followed for GET", async (status) => {
    const server = await redirecting();
    const auth = { kind: "bearer", token: "t" } as const;
    const answer = await aClient().request(aRequest(server.url(`/${status}/there?a=b`), { auth }), options());
    expect(textOf(answer)).toBe("GET /there?a=b Bearer t ");
    expect(server.connections()).toBe(1);
  });

  test.each([307, 308])("by %i repeats a command as it was", async (status) => {
    const server = await redirecting();
    const answer = await aClient().request(
      aRequest(server.url(`/${status}/there`), { method: "PUT", body: "x" }),
      options({ priority: "command" }),
    );
    expect(textOf(answer)).toBe("PUT /there  x");
  });

  test("by 303 shows what became of a command", async () => {
    const server = await redirecting();
    const answer = await aClient().request(
      aRequest(server.url("/303/done"), { method: "POST", body: "x" }),
      options({ priority: "command" }),
    );
    expect(textOf(answer)).toBe("GET /done  ");
  });

  test.each([301, 302])("by %i is not followed for a command, which may have been obeyed", async (status) => {
    const server = await redirecting();
    await expect(
      aClient().request(
        aRequest(server.url(`/${status}/there`), { method: "POST" }),
        options({ priority: "command" }),
      ),
    ).rejects.toMatchObject({
      kind: "redirect",
      status,
      message: `${server.url(`/${status}/there`)} redirects POST to ${server.url("/there")}; write that in the configuration`,
      mayHaveHappened: true,
    });
  });

  test("three times is followed, but no fourth time", async () => {
    const server = await redirecting();
    const client = aClient();
    const three = await client.request(aRequest(server.url("/302/301/307/end")), options());
    expect(textOf(three)).toBe("GET /end  ");
    await expect(
      client.request(aRequest(server.url("/302/302/302/302/end")), options()),
    ).rejects.toMatchObject({
      kind: "redirect",
      message: `${server.url("/302/end")} redirects once more, to ${server.url("/end")}`,
    });
  });

  test("in a circle ends", async () => {
    const server = await anHttpServer((_, response) => response.writeHead(302, { location: "/" }).end());
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "redirect",
    });
  });

  test("to another origin is never followed, and tells no secret", async () => {
    const other = await anHttpServer((_, response) => response.end());
    const elsewhere = other.url("/steal?token=abc");
    elsewhere.username = "user";
    const targets = [
      `${elsewhere}`,
      `//127.0.0.1:${elsewhere.port}/`,
      "https://127.0.0.1/",
      "file:///etc/passwd",
    ];
    const server = await anHttpServer((request, response) =>
      response.writeHead(302, { location: targets[Number(request.url?.slice(1, 2))] }).end(),
    );
    const auth = { kind: "basic", username: "me", password: "secret" } as const;
    for (const [index, target] of targets.entries()) {
      const url = server.url(`/${index}?key=secret`);
      const failure = await aClient()
        .request(aRequest(url, { auth }), options())
        .catch((error: unknown) => error);
      expect(failure, target).toMatchObject({ kind: "redirect", status: 302 });
      expect(String(failure)).not.toMatch(/secret|abc|user/);
    }
    expect(other.connections()).toBe(0);
  });

  test.each([undefined, "http://[", "http://"])("to %j leads nowhere", async (location) => {
    const server = await anHttpServer((_, response) =>
      response.writeHead(302, location === undefined ? {} : { location }).end(),
    );
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "redirect",
      message: `${server.url()} redirects to nowhere`,
    });
  });
});

describe("a refusal", () => {
  test.each([
    [404, "status", "404 Not Found", false],
    [403, "unauthorized", "403 Forbidden; check `auth`", false],
    [401, "unauthorized", "401 Unauthorized; check `auth`, it asks for basic or digest", false],
    [500, "status", "500 Internal Server Error", true],
    [599, "status", "599", true],
    [304, "status", "304 Not Modified", false],
  ])("with %i is told in a sentence", async (status, kind, sentence, mayHaveHappened) => {
    const server = await anHttpServer((_, response) =>
      response
        .writeHead(
          status,
          status === 401
            ? { "www-authenticate": ['Basic realm="a"', `${"X".repeat(5_000)}, Digest realm="a", nonce="b"`] }
            : {},
        )
        .end(status === 304 ? undefined : "secret".repeat(20_000)),
    );
    const failure = aClient().request(aRequest(server.url("/a?key=secret")), options());
    await expect(failure).rejects.toMatchObject({
      kind,
      status,
      message: `${server.url("/a")}?... answered ${sentence}`,
      mayHaveHappened,
    });
  });

  test.each([429, 503])("with %i says when to come again", async (status) => {
    const server = await anHttpServer((_, response) =>
      response.writeHead(status, { "retry-after": "120" }).end(),
    );
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "status",
      status,
      retryAfter: 120_000,
    });
  });

  test("leaves the connection fit for the next request", async () => {
    const server = await anHttpServer((request, response) =>
      response.writeHead(request.url === "/" ? 500 : 200).end("words about it"),
    );
    const client = aClient();
    await expect(client.request(aRequest(server.url()), options())).rejects.toThrow();
    await client.request(aRequest(server.url("/ok")), options());
    expect(server.connections()).toBe(1);
  });
});

describe("a conditional request", () => {
  const date = "Wed, 25 Nov 2026 08:00:00 GMT";

  function versioned() {
    return anHttpServer((request, response) => {
      const known =
        request.headers["if-none-match"] === '"1"' && request.headers["if-modified-since"] === date;
      response
        .writeHead(known ? 304 : 200, { etag: '"1"', "last-modified": date })
        .end(known ? undefined : "body");
    });
  }

  test("is answered as unchanged when it is", async () => {
    const server = await versioned();
    const client = aClient();
    const request = aRequest(server.url());
    const conditional = options({ isConditional: true });
    expect(await client.request(request, conditional)).toMatchObject({ status: 200, isUnchanged: false });
    const again = await client.request(request, conditional);
    expect(again).toMatchObject({ status: 304, isUnchanged: true });
    expect(again.body.length).toBe(0);
    expect((await client.request(request, options())).status).toBe(200);
  });

  test("knows nothing of what another request with the same URL was answered", async () => {
    const server = await versioned();
    const client = aClient();
    const conditional = options({ isConditional: true });
    await client.request(aRequest(server.url()), conditional);
    expect(await client.request(aRequest(server.url()), conditional)).toMatchObject({ status: 200 });
  });

  test("forgets what is not said any more", async () => {
    const seen: (string | undefined)[] = [];
    const server = await anHttpServer((request, response) => {
      seen.push(request.headers["if-none-match"]);
      response.writeHead(200, seen.length === 1 ? { etag: '"1"' } : {}).end();
    });
    const client = aClient();
    const request = aRequest(server.url());
    for (let count = 0; count < 3; count += 1)
      await client.request(request, options({ isConditional: true }));
    expect(seen).toEqual([undefined, '"1"', undefined]);
  });
});

describe("a login by digest", () => {
  /** Takes each nonce twice, and says then that it is stale; whether the login is right is another server's test. */
  async function countingServer() {
    const seen: string[] = [];
    let nonce = 0;
    let uses = 0;
    const server = await anHttpServer(async (request, response) => {
      const [, used, nc] = /nonce="(\d+)".*nc=(\w+)/.exec(request.headers.authorization ?? "") ?? [];
      seen.push(`${used ?? "-"} ${nc ?? "-"} ${await text(request)}`);
      if (used === String(nonce) && uses < 2) {
        uses += 1;
        return response.end("in");
      }
      nonce += 1;
      uses = 0;
      const stale = used === undefined ? "" : ", stale=true";
      const challenge = `Digest realm="r", nonce="${nonce}", qop="auth", algorithm=SHA-256${stale}`;
      return response.writeHead(401, { "www-authenticate": challenge }).end();
    });
    return { ...server, seen };
  }

  test("uses a nonce for as long as the server takes it, then the next one", async () => {
    const server = await countingServer();
    const client = aClient();
    const request = aRequest(server.url(), {
      method: "POST",
      body: "x",
      auth: { kind: "digest", username: "me", password: "p" },
    });
    for (let count = 0; count < 3; count += 1) {
      expect(textOf(await client.request(request, options({ priority: "command" })))).toBe("in");
    }
    expect(server.seen).toEqual(["- - x", "1 00000001 x", "1 00000002 x", "1 00000003 x", "2 00000001 x"]);
    expect(server.connections()).toBe(1);
  });

  test("asks no more than twice", async () => {
    let asked = 0;
    const server = await anHttpServer((_, response) => {
      asked += 1;
      response.writeHead(401, { "www-authenticate": `Digest realm="r", nonce="${asked}", qop="auth"` }).end();
    });
    const auth = { kind: "digest", username: "me", password: "secret" } as const;
    const failure = await aClient()
      .request(aRequest(server.url(), { auth }), options())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "unauthorized", status: 401 });
    expect(String(failure)).not.toContain("secret");
    expect(asked).toBe(2);
  });
});

test("a command whose result could not be read afterwards may have happened", async () => {
  const server = await anHttpServer((request, response) => {
    if (request.method === "POST") response.writeHead(303, { location: "/result" }).end();
    else response.writeHead(404).end();
  });
  await expect(
    aClient().request(aRequest(server.url(), { method: "POST" }), options({ priority: "command" })),
  ).rejects.toMatchObject({ kind: "status", status: 404, mayHaveHappened: true });
});
