import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import {
  aClient,
  aGate,
  anHttpServer,
  aRawServer,
  aRequest,
  options,
  sayOnce,
  textOf,
} from "./test-servers.js";

describe("an encoded body", () => {
  const json = JSON.stringify({ power: 1234, text: "°".repeat(500) });

  test.each([
    ["gzip", gzipSync(json)],
    ["x-gzip", gzipSync(json)],
    ["deflate", deflateSync(json)],
    ["deflate", deflateRawSync(json)],
    ["br", brotliCompressSync(json)],
    ["GZIP", gzipSync(json)],
    ["identity", Buffer.from(json)],
  ])("in %s is decoded", async (encoding, body) => {
    const server = await anHttpServer((request, response) => {
      expect(request.headers["accept-encoding"]).toBe("gzip, deflate, br");
      response.writeHead(200, { "content-encoding": encoding }).end(body);
    });
    expect(textOf(await aClient().request(aRequest(server.url()), options()))).toBe(json);
  });

  const bomb = Buffer.alloc(20_000_000);
  test.each([
    ["gzip", gzipSync(bomb)],
    ["deflate", deflateSync(bomb)],
    ["br", brotliCompressSync(bomb)],
  ])("that grows beyond the limit in %s is refused", async (encoding, body) => {
    expect(body.length).toBeLessThan(30_000);
    const server = await anHttpServer((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(body),
    );
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "too-large",
      message: `${server.url()} answered with more than 65536 bytes`,
    });
  });

  test.each([
    ["zstd", Buffer.from("x"), 'answered in the encoding "zstd", which is not known here'],
    ["constructor", Buffer.from("x"), 'answered in the encoding "constructor", which is not known here'],
    ["gzip, gzip", gzipSync(gzipSync("x")), "encoded its answer more than once"],
    ["gzip", gzipSync(json).subarray(0, 30), "sent an answer that is no whole gzip"],
    ["br", Buffer.from("no brotli"), "sent an answer that is no whole br"],
    ["deflate", Buffer.from("no deflate"), "sent an answer that is no whole deflate"],
  ])("in %s that cannot be decoded is refused", async (encoding, body, sentence) => {
    const server = await anHttpServer((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(body),
    );
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "broken",
      message: `${server.url()} ${sentence}`,
    });
  });

  test("of no bytes needs no decoding", async () => {
    const server = await anHttpServer((_, response) =>
      response.writeHead(204, { "content-encoding": "gzip" }).end(),
    );
    expect((await aClient().request(aRequest(server.url()), options())).body.length).toBe(0);
  });
});

describe("a server that speaks no proper HTTP", () => {
  const early = "ended the connection without an answer";
  const middle = "ended the connection in the middle of its answer";

  test.each([
    ["nothing", "", early],
    ["half a status line", "HTTP/1.1 20", early],
    ["headers without an end", "HTTP/1.1 200 OK\r\nX-A: b\r\n", early],
    ["less than it announced", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", middle],
    [
      "less than it announced, and closes",
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n12345",
      middle,
    ],
    ["chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", middle],
    ["another protocol", "220 mail.example.org ESMTP\r\n", "did not answer in HTTP"],
    [
      "a chunk of no size",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "did not answer in HTTP",
    ],
  ])("is heard to have said %s", async (_, said, sentence) => {
    const server = await aRawServer(sayOnce(said));
    await expect(aClient().request(aRequest(server.url("/x")), options())).rejects.toMatchObject({
      kind: "broken",
      message: expect.stringContaining(`${server.url("/x")} ${sentence}`),
      mayHaveHappened: true,
    });
    await expect.poll(server.open).toBe(0);
  });

  test("is cut short in its headers", async () => {
    const server = await aRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const more = () => {
        while (socket.write("X-A: bcdefgh\r\n"));
      };
      socket.on("drain", more);
      socket.once("data", more);
    });
    await expect(aClient().request(aRequest(server.url("/x")), options())).rejects.toMatchObject({
      kind: "too-large",
      message: `${server.url("/x")} answered with too many headers`,
    });
    await expect.poll(server.open).toBe(0);
  });

  test("may say more than it announced: the rest is nobody's answer", async () => {
    const server = await aRawServer(
      sayOnce(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      ),
    );
    const client = aClient({ concurrency: 1 });
    expect(textOf(await client.request(aRequest(server.url()), options()))).toBe("ok");
    expect(textOf(await client.request(aRequest(server.url()), options()))).toBe("ok");
    expect(server.connections()).toBe(2);
  });

  test("may end a body by closing", async () => {
    const server = await aRawServer(sayOnce("HTTP/1.0 200 OK\r\n\r\nall there is"));
    expect(textOf(await aClient().request(aRequest(server.url()), options()))).toBe("all there is");
  });

  test("may announce its answer first", async () => {
    const server = await aRawServer(
      sayOnce("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    );
    expect(textOf(await aClient().request(aRequest(server.url()), options()))).toBe("ok");
  });

  test("may announce a length to HEAD, beyond the limit even", async () => {
    const server = await aRawServer(sayOnce("HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"));
    const answer = await aClient().request(aRequest(server.url(), { method: "HEAD" }), options());
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  });
});

describe("a host that is not there", () => {
  test("is said to be so", async () => {
    const server = await anHttpServer((_, response) => response.end());
    await server.close();
    await expect(aClient().request(aRequest(server.url("/a?key=secret")), options())).rejects.toMatchObject({
      kind: "unreachable",
      message: `${server.url("/a")}?... cannot be reached: nothing listens there`,
      mayHaveHappened: false,
    });
    await expect(
      aClient().request(aRequest(new URL("http://no.such.host.invalid/")), options()),
    ).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(/^http:\/\/no.such.host.invalid\/ cannot be reached: /),
      mayHaveHappened: false,
    });
  });

  test.each(["signal", "timeout"])("is given up by %s before anything was sent", async (cause) => {
    // It takes the connection, but never answers the TLS handshake.
    const arrived = aGate();
    const server = await aRawServer((socket) => socket.once("data", arrived.open));
    const url = server.url();
    url.protocol = "https:";
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const given = new AbortController();
    const answer = aClient().request(
      aRequest(url, { method: "POST", body: "x", timeout: 5000 }),
      options({ signal: given.signal, priority: "command" }),
    );
    const refused = expect(answer).rejects.toMatchObject({
      kind: cause === "signal" ? "cancelled" : "timeout",
      mayHaveHappened: false,
    });
    await arrived.opened;
    if (cause === "signal") given.abort();
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    await refused;
    await expect.poll(server.open).toBe(0);
  });
});

describe("a kept connection that the server closed", () => {
  /** Answers the first request of the first connection, and cuts it at the second. */
  function closesWhenAskedAgain() {
    return aRawServer((socket, number) => {
      let asked = 0;
      socket.on("data", () => {
        asked += 1;
        if (number === 1 && asked === 2) socket.resetAndDestroy();
        else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${number}`);
      });
    });
  }

  test("costs a poll one more attempt", async () => {
    const server = await closesWhenAskedAgain();
    const client = aClient({ concurrency: 1 });
    expect(textOf(await client.request(aRequest(server.url()), options()))).toBe("1");
    expect(textOf(await client.request(aRequest(server.url()), options()))).toBe("2");
    expect(server.connections()).toBe(2);
  });

  test.each(["GET", "POST"])("is no reason to send a command by %s twice", async (method) => {
    const server = await closesWhenAskedAgain();
    const client = aClient({ concurrency: 1 });
    await client.request(aRequest(server.url()), options());
    await expect(
      client.request(aRequest(server.url(), { method }), options({ priority: "command" })),
    ).rejects.toMatchObject({ kind: "broken", mayHaveHappened: true });
    expect(server.connections()).toBe(1);
  });

  test("is not asked for ever", async () => {
    const server = await aRawServer((socket) => socket.once("data", () => socket.destroy()));
    await expect(aClient().request(aRequest(server.url()), options())).rejects.toMatchObject({
      kind: "broken",
    });
    expect(server.connections()).toBe(1);
  });
});
