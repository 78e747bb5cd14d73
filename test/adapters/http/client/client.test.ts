import { text } from "node:stream/consumers";
import { describe, expect, test, vi } from "vitest";
import { aClient, aGate, anHttpServer, aRawServer, aRequest, options, textOf } from "./test-servers.js";

describe("an exchange", () => {
  test("brings status, headers and body", async () => {
    const server = await anHttpServer((request, response) => {
      response.writeHead(200, { "content-type": "text/plain", "x-a": ["1", "2"] }).end(request.url);
    });
    const answer = await aClient().request(aRequest(server.url("/a%20b?c=d")), options());
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain", "x-a": "1, 2" },
      isUnchanged: false,
    });
    expect(textOf(answer)).toBe("/a%20b?c=d");
  });

  test.each(["PUT", "POST", "PATCH", "DELETE"])(
    "carries the body of a %s and the headers as given",
    async (method) => {
      const server = await anHttpServer(async (request, response) => {
        const { "content-type": type, "x-key": key } = request.headers;
        response.end(JSON.stringify([request.method, type, key, await text(request)]));
      });
      const headers = { "Content-Type": "application/json", "X-Key": "k" };
      const answer = await aClient().request(
        aRequest(server.url(), { method, headers, body: '{"limit": 50, "unit": "°"}' }),
        options({ priority: "command" }),
      );
      expect(JSON.parse(textOf(answer))).toEqual([
        method,
        "application/json",
        "k",
        '{"limit": 50, "unit": "°"}',
      ]);
    },
  );

  test("reaches an IPv6 address", async () => {
    const server = await anHttpServer((request, response) => response.end(request.headers.host), "::1");
    const answer = await aClient().request(aRequest(server.url()), options());
    expect(textOf(answer)).toBe(server.url().host);
  });

  test("does not send the user and password of a URL", async () => {
    const server = await anHttpServer((request, response) =>
      response.end(`${request.headers.authorization}`),
    );
    const url = server.url();
    url.username = "me";
    url.password = "secret";
    expect(textOf(await aClient().request(aRequest(url), options()))).toBe("undefined");
  });

  test("keeps its connection for the next one", async () => {
    const server = await anHttpServer((_, response) => response.end("ok"));
    const client = aClient();
    for (let count = 0; count < 5; count += 1) await client.request(aRequest(server.url()), options());
    expect(server.connections()).toBe(1);
  });
});

describe("a body", () => {
  test("of just the limit is read", async () => {
    const server = await anHttpServer((_, response) => response.end("x".repeat(1000)));
    const answer = await aClient().request(aRequest(server.url(), { limit: 1000 }), options());
    expect(answer.body.length).toBe(1000);
  });

  test("that is announced to be larger than the limit is not read at all", async () => {
    const server = await aRawServer((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"));
    });
    await expect(aClient().request(aRequest(server.url("/big")), options())).rejects.toMatchObject({
      kind: "too-large",
      message: `${server.url("/big")} answered with more than 65536 bytes`,
    });
    await expect.poll(server.open).toBe(0);
  });

  test("without an end is cut at the limit", async () => {
    const server = await anHttpServer((_, response) => {
      const more = () => {
        while (response.write("x".repeat(10_000)));
      };
      response.on("drain", more);
      more();
    });
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "too-large",
    });
    await expect.poll(server.open).toBe(0);
  });
});

describe("the timeout", () => {
  test.each([
    ["the headers do not come", ""],
    ["the headers never end", "HTTP/1.1 200 OK\r\nX-A: 1\r\n"],
    ["the body never ends", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"],
  ])("ends an exchange where %s", async (_, said) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = aGate();
    const server = await aRawServer((socket) => {
      socket.once("data", () => socket.write(said, asked.open));
    });
    const answer = aClient().request(aRequest(server.url("/slow"), { timeout: 5000 }), options());
    const refused = expect(answer).rejects.toMatchObject({
      kind: "timeout",
      message: `${server.url("/slow")} did not answer in 5 s`,
      mayHaveHappened: true,
    });
    await asked.opened;
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    await refused;
    await expect.poll(server.open).toBe(0);
  });
});

describe("the queue of an origin", () => {
  test("has no more exchanges at a time than allowed, and commands first", async () => {
    const gates = [aGate(), aGate(), aGate(), aGate(), aGate()];
    const asked: string[] = [];
    const server = await anHttpServer(async (request, response) => {
      asked.push(request.url ?? "");
      await gates[asked.length - 1]?.opened;
      response.end();
    });
    const client = aClient();
    const ask = (path: string, priority: "poll" | "command") =>
      client.request(aRequest(server.url(path)), options({ priority }));
    const all = [
      ask("/1", "poll"),
      ask("/2", "poll"),
      ask("/3", "poll"),
      ask("/4", "poll"),
      ask("/go", "command"),
    ];
    await expect.poll(() => asked).toEqual(["/1", "/2"]);
    gates[0]?.open();
    await expect.poll(() => asked).toEqual(["/1", "/2", "/go"]);
    for (const gate of gates) gate.open();
    await Promise.all(all);
    expect(asked).toEqual(["/1", "/2", "/go", "/3", "/4"]);
    expect(server.connections()).toBe(2);
  });

  test("does not delay another origin", async () => {
    const slow = await aRawServer(() => {});
    const quick = await anHttpServer((_, response) => response.end("here"));
    const client = aClient();
    const waiting = [1, 2, 3, 4].map(() => client.request(aRequest(slow.url()), options()).catch(() => {}));
    expect(textOf(await client.request(aRequest(quick.url()), options()))).toBe("here");
    await client.stop();
    await Promise.all(waiting);
  });

  test("does not let polls wait for a host that nobody reaches, one after another", async () => {
    // A TLS connection that never comes about.
    const server = await aRawServer(() => {});
    const client = aClient({ concurrency: 2 });
    const place = (path: number) => new URL(`https://${server.url().host}/${path}`);
    const ask = (path: number, more: object) =>
      client.request(aRequest(place(path), { timeout: 300 }), options(more)).catch((error) => error);
    const polls = Array.from({ length: 40 }, (_, path) => ask(path, { priority: "poll" }));
    const command = ask(40, { priority: "command" });
    for (const [path, failure] of (await Promise.all([...polls, command])).entries()) {
      expect(failure).toMatchObject({
        kind: "timeout",
        message: `${place(path)} did not answer in 0.3 s`,
        mayHaveHappened: false,
      });
    }
    expect(server.connections()).toBe(3);
  });

  test("lets polls wait for a host that is slow for one of them", async () => {
    const server = await anHttpServer((request, response) => {
      if (request.url !== "/slow") response.end();
    });
    const client = aClient({ concurrency: 1 });
    const ask = (path: string) => client.request(aRequest(server.url(path), { timeout: 300 }), options());
    const [slow, good] = [ask("/slow"), ask("/good")];
    await expect(slow).rejects.toMatchObject({ kind: "timeout" });
    await expect(good).resolves.toMatchObject({ status: 200 });
  });

  test("says that it is busy rather than grow without end", async () => {
    const server = await aRawServer(() => {});
    const client = aClient();
    const ask = (priority: "poll" | "command") =>
      client.request(aRequest(server.url()), options({ priority }));
    const waiting = Array.from({ length: 1002 }, () => ask("poll").catch((error: unknown) => error));
    await expect(ask("poll")).rejects.toMatchObject({ kind: "busy", mayHaveHappened: false });
    const command = ask("command").catch((error: unknown) => error);
    await client.stop();
    expect(await command).toMatchObject({ kind: "cancelled", mayHaveHappened: false });
    await Promise.all(waiting);
  });
});

describe("a signal", () => {
  test("takes a waiting request back without a trace", async () => {
    const asked: string[] = [];
    const gate = aGate();
    const server = await anHttpServer(async (request, response) => {
      asked.push(request.url ?? "");
      await gate.opened;
      response.end();
    });
    const client = aClient({ concurrency: 1 });
    const first = client.request(aRequest(server.url("/first")), options());
    const given = new AbortController();
    const second = client.request(aRequest(server.url("/second")), options({ signal: given.signal }));
    given.abort();
    await expect(second).rejects.toMatchObject({ kind: "cancelled", mayHaveHappened: false });
    gate.open();
    await first;
    await client.request(aRequest(server.url("/third")), options());
    expect(asked).toEqual(["/first", "/third"]);
  });

  test("breaks off what was sent, and says that it may have happened", async () => {
    const asked = aGate();
    const server = await aRawServer((socket) => socket.once("data", asked.open));
    const given = new AbortController();
    const client = aClient();
    const answer = client.request(
      aRequest(server.url(), { method: "POST", body: "x" }),
      options({ signal: given.signal, priority: "command" }),
    );
    await asked.opened;
    given.abort();
    await expect(answer).rejects.toMatchObject({ kind: "cancelled", mayHaveHappened: true });
    await expect.poll(server.open).toBe(0);
  });

  test("that was aborted before lets nothing out", async () => {
    const server = await anHttpServer((_, response) => response.end());
    const answer = aClient().request(aRequest(server.url()), options({ signal: AbortSignal.abort() }));
    await expect(answer).rejects.toMatchObject({ kind: "cancelled", mayHaveHappened: false });
    expect(server.connections()).toBe(0);
  });
});

describe("a stopped client", () => {
  test("has closed its connections, ended what was under way and takes nothing more", async () => {
    const server = await anHttpServer((request, response) => {
      if (request.url === "/quick") response.end();
    });
    const client = aClient();
    await client.request(aRequest(server.url("/quick")), options());
    const slow = client.request(aRequest(server.url("/slow")), options());
    const refused = expect(slow).rejects.toMatchObject({ kind: "cancelled" });
    await client.stop();
    await refused;
    await expect.poll(server.open).toBe(0);
    await expect(client.request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "cancelled",
    });
    await client.stop();
  });
});

describe("a rate", () => {
  test("lets so many begin in any such time, and holds the rest back", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const asked: string[] = [];
    const server = await anHttpServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    const client = aClient({ rate: { requests: 2, per: 1000 } });
    const ask = (path: string, priority: "poll" | "command" = "poll") =>
      client.request(aRequest(server.url(path)), options({ priority }));
    const [first, second, ...rest] = [ask("/1"), ask("/2"), ask("/3"), ask("/4"), ask("/go", "command")];
    await Promise.all([first, second]);
    await vi.advanceTimersByTimeAsync(999);
    expect(asked).toEqual(["/1", "/2"]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([rest[2], rest[0]]);
    expect(asked).toEqual(["/1", "/2", "/go", "/3"]);
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(rest);
    vi.useRealTimers();
    expect(asked).toEqual(["/1", "/2", "/go", "/3", "/4"]);
  });

  test("holds nobody back whose client stops", async () => {
    const server = await anHttpServer((_, response) => response.end());
    const client = aClient({ rate: { requests: 1, per: 3_600_000 } });
    await client.request(aRequest(server.url()), options());
    const held = client.request(aRequest(server.url()), options());
    const refused = expect(held).rejects.toMatchObject({ kind: "cancelled", mayHaveHappened: false });
    await client.stop();
    await refused;
  });
});

test("the origins are bounded: more than 256 at work are too many, those at rest make room", async () => {
  const server = await anHttpServer((_, response) => response.end("here"));
  const client = aClient();
  const refusals = Array.from({ length: 256 }, (_, number) => {
    const url = server.url();
    // Nobody listens there.
    url.hostname = `127.0.1.${number}`;
    return client.request(aRequest(url), options()).catch(({ kind }) => kind);
  });
  await expect(client.request(aRequest(server.url()), options())).rejects.toMatchObject({
    kind: "busy",
    mayHaveHappened: false,
  });
  expect(new Set(await Promise.all(refusals))).toEqual(new Set(["unreachable"]));
  expect(textOf(await client.request(aRequest(server.url()), options()))).toBe("here");
});
