import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { anApp } from "./an-app.js";

afterEach(() => {
  vi.useRealTimers();
});

/** What a raw connection is answered, once the server has closed it. */
async function answerTo(
  text: string,
  configure: (app: Awaited<ReturnType<typeof anApp>>) => void = () => {},
) {
  const parts = await anApp();
  configure(parts);
  await parts.app.listen({ port: 0, host: "127.0.0.1" });
  const socket = connect((parts.app.server.address() as AddressInfo).port, "127.0.0.1").setEncoding("utf8");
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (part: string) => {
    answer += part;
  });
  socket.write(text.replace("TOKEN", parts.token).replaceAll("\n", "\r\n"));
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  return { line: head.split("\r\n")[0], problem: JSON.parse(body) as unknown };
}

test("a body that does not come in time is a 408 problem", async () => {
  const request = `POST /api/v1/devices/a/channels/b/command HTTP/1.1
Host: localhost
Authorization: Bearer TOKEN
Content-Type: application/json
Content-Length: 100

{"value"`;

  const { line, problem } = await answerTo(request, ({ app: { server } }) => {
    expect([server.requestTimeout, server.headersTimeout]).toEqual([10_000, 10_000]);
    server.requestTimeout = 100;
    server.headersTimeout = 100;
  });

  expect(line).toBe("HTTP/1.1 408 Request Timeout");
  expect(problem).toMatchObject({ status: 408, code: "request-timeout" });
});

test("headers of more than 8 KB are a 431 problem", async () => {
  const { line, problem } = await answerTo(
    `GET /healthz HTTP/1.1\nHost: localhost\nCookie: ${"x".repeat(9_000)}\n\n`,
  );

  expect(line).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  expect(problem).toMatchObject({ status: 431, code: "headers-too-large" });
});

test("an expectation that no server can meet is a 417 problem", async () => {
  const { line, problem } = await answerTo("GET /healthz HTTP/1.1\nHost: localhost\nExpect: miracles\n\n");

  expect(line).toBe("HTTP/1.1 417 Expectation Failed");
  expect(problem).toMatchObject({ status: 417, code: "expectation-failed" });
});

test("an address that cannot be decoded is a 400 problem over a socket, too", async () => {
  const { line, problem } = await answerTo("GET /%zz HTTP/1.1\nHost: localhost\nConnection: close\n\n");

  expect(line).toBe("HTTP/1.1 400 Bad Request");
  expect(problem).toMatchObject({ status: 400, code: "request-invalid" });
});

test("a token may send 500 requests at once and 100 a second, whatever others send", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { app, get, tokens } = await anApp();
  const other = await tokens.create("tablet", "viewer");
  const statuses = async (count: number) => {
    const replies = await Promise.all(Array.from({ length: count }, () => get("/api/v1/devices")));
    return replies.map(({ statusCode }) => statusCode);
  };

  expect(await statuses(500)).toEqual(Array(500).fill(200));
  const refused = await get("/api/v1/devices");
  expect(refused.statusCode).toBe(429);
  expect(refused.headers["retry-after"]).toBe("1");
  expect(refused.json()).toMatchObject({ status: 429, code: "rate-limited" });

  const headers = { host: "localhost", authorization: `Bearer ${other}` };
  expect((await app.inject({ url: "/api/v1/devices", headers })).statusCode).toBe(200);
  vi.advanceTimersByTime(1_000);
  expect(await statuses(101)).toEqual([...Array(100).fill(200), 429]);
});

test("an address may send 1,000 requests at once, with a token or without", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { app } = await anApp();
  const ask = () => app.inject({ url: "/healthz", headers: { host: "localhost" } });

  const replies = await Promise.all(Array.from({ length: 1_001 }, ask));

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([...Array(1_000).fill(200), 429]);
  expect(replies.at(-1)?.json()).toMatchObject({ code: "rate-limited" });
});

test("ten wrong tokens are 401, the next is 429, and a good one from the same address still is good", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { app, get, log } = await anApp();
  const guess = () =>
    app.inject({ url: "/api/v1/devices", headers: { host: "localhost", authorization: "Bearer wrong" } });

  const replies = await Promise.all(Array.from({ length: 11 }, guess));

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([...Array(10).fill(401), 429]);
  expect(replies.at(-1)?.headers["retry-after"]).toBe("6");
  expect((await get("/api/v1/devices")).statusCode).toBe(200);
  // One line a minute.
  expect(log.lines).toEqual([
    {
      level: "warn",
      fields: { address: "127.0.0.1", suppressed: 0 },
      message: "somebody sent a token that is not known here",
    },
  ]);
});
