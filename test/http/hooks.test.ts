import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { openHooks } from "./a-hook.js";
import { anApp } from "./an-app.js";

async function aHookedApp() {
  const parts = await anApp();
  const { received, bell, gate } = openHooks(parts.hooks);
  const authorization = `Bearer ${bell.token}`;
  const call = (
    name: string,
    headers: Readonly<Record<string, string>> = {},
    payload: string | Buffer = "",
    method: "POST" | "GET" | "HEAD" | "PUT" = "POST",
  ) =>
    parts.app.inject({ method, url: `/hooks/${name}`, headers: { host: "localhost", ...headers }, payload });
  return { ...parts, received, bell, gate, authorization, call };
}

test("a call with the token is taken, whatever its content type, and answered with the event's id", async () => {
  const { call, authorization, received, bell } = await aHookedApp();

  const types = [
    "application/json",
    "text/plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "a/b",
    "",
  ];
  for (const type of types) {
    const headers = { authorization, ...(type !== "" && { "content-type": type }) };
    const reply = await call("bell?a=1", headers, "{broken");
    expect([reply.statusCode, reply.json()]).toEqual([202, { event: `7-${received.length}` }]);
  }
  expect((await call(`bell?token=${bell.token}`)).statusCode).toBe(202);

  expect(received.map(({ request: { body } }) => Buffer.from(body).toString())).toEqual([
    ...types.map(() => "{broken"),
    "",
  ]);
  expect(received[0]?.request.headers["content-type"]).toBe("application/json");
  expect(received[0]?.request.query.get("a")).toBe("1");
});

test("no name, an unknown name, a wrong token, the API's token and a wrong signature are one and the same answer", async () => {
  const { call, authorization, headers, received, gate } = await aHookedApp();

  const replies = [
    await call("bell"),
    await call("", { authorization }),
    await call("nobody", { authorization }),
    await call("bell", { authorization: `${authorization}x` }),
    await call("bell?token=wrong"),
    await call("bell", { authorization: headers.authorization }),
    await call("gate", { authorization }),
    await call("gate", gate.sign("msg_1", "another body"), "a body"),
    await call("bell", gate.sign("msg_1", "")),
  ];

  expect(new Set(replies.map(({ payload }) => payload)).size).toBe(1);
  expect(replies[0]?.json()).toMatchObject({ status: 401, code: "unauthorized" });
  for (const { headers } of replies) expect(headers["www-authenticate"]).toBe("Bearer");
  expect(received).toEqual([]);
});

test("many wrong tokens of one address are slowed down, and a good one is taken all the same", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { call, authorization, log, get } = await aHookedApp();
  const replies = await Promise.all(Array.from({ length: 12 }, (_, index) => call(`bell?token=${index}`)));

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([
    ...Array.from({ length: 10 }, () => 401),
    429,
    429,
  ]);
  expect(replies.at(-1)?.headers["retry-after"]).toBe("6");
  expect((await call("bell", { authorization })).statusCode).toBe(202);
  expect((await get("/api/v1/devices")).statusCode).toBe(200);
  expect(log.lines.map(({ message }) => message)).toEqual([
    "somebody called a webhook that is not there, or without its proof",
  ]);
});

test("a token in the URL comes into no log, not even when something goes wrong inside", async () => {
  const { call, bell, hooks, log } = await aHookedApp();
  vi.spyOn(hooks, "take").mockImplementationOnce(() => {
    throw new Error("a mistake");
  });

  expect((await call(`bell?token=${bell.token}`)).statusCode).toBe(500);
  expect((await call("bell?token=wrong")).statusCode).toBe(401);
  expect(log.lines).toMatchObject([
    { fields: { path: "/hooks/bell" } },
    { fields: { address: "127.0.0.1" } },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain("token=");
});

test("a signed message is taken once, by the signature of another implementation", async () => {
  const { call, gate, received } = await aHookedApp();
  const signed = gate.sign("msg_1", '{"type":"ring"}');

  expect((await call("gate", signed, '{"type":"ring"}')).json()).toEqual({ event: "7-1" });
  const replay = await call("gate", signed, '{"type":"ring"}');
  expect([replay.statusCode, replay.json().code]).toEqual([409, "replayed"]);
  const old = await call("gate", gate.sign("msg_2", "", new Date(Date.now() - 301_000)));
  expect([old.statusCode, old.json().code, old.headers["www-authenticate"]]).toEqual([
    401,
    "signature-expired",
    "Bearer",
  ]);
  expect(received).toHaveLength(1);
});

test("the 601st call within a minute is told when to come again", async () => {
  const { call, authorization, received } = await aHookedApp();
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  for (let count = 0; count < 600; count += 1) await call("bell", { authorization });

  const reply = await call("bell", { authorization });
  expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([429, "60"]);
  expect(received).toHaveLength(600);
});

test("GET is for webhooks whose configuration says so, HEAD and others for none", async () => {
  const { call, authorization, received } = await aHookedApp();

  const refused = await call("bell", { authorization }, "", "GET");
  expect([refused.statusCode, refused.headers.allow]).toEqual([405, "POST, OPTIONS"]);
  expect((await call("url?type=single", { authorization }, "", "GET")).statusCode).toBe(202);
  expect((await call("url", { authorization }, "", "HEAD")).statusCode).toBe(405);
  expect((await call("url", { authorization }, "", "PUT")).statusCode).toBe(405);
  expect(received.map(({ request }) => [request.method, request.query.get("type")])).toEqual([
    ["GET", "single"],
  ]);
});

test("a body with a content encoding is refused, even by whoever may call", async () => {
  const { call, authorization, received } = await aHookedApp();

  const zipped = await call("bell", { authorization, "content-encoding": "gzip" }, gzipSync("{}"));
  expect([zipped.statusCode, zipped.json().code]).toEqual([415, "media-type-unsupported"]);
  expect((await call("bell", { authorization, "content-encoding": "identity" }, "{}")).statusCode).toBe(202);
  expect(received).toHaveLength(1);
});

test("64 KB are taken, and one byte more is not", async () => {
  const { call, authorization, received } = await aHookedApp();

  expect((await call("bell", { authorization }, Buffer.alloc(65_536, "x"))).statusCode).toBe(202);
  const large = await call("bell", { authorization }, Buffer.alloc(65_537, "x"));
  expect([large.statusCode, large.json().code]).toEqual([413, "payload-too-large"]);
  expect(received).toHaveLength(1);
});

test("a body that drips is cut off, and the hook hears nothing of it", async () => {
  const { app, bell, received } = await aHookedApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  // The limits test has the limit of ten seconds; here it is as short as can be.
  app.server.requestTimeout = 100;
  app.server.headersTimeout = 100;
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1").setEncoding("utf8");
  const drip = setInterval(() => socket.write("1\r\nx\r\n"), 20);
  onTestFinished(() => {
    clearInterval(drip);
    socket.destroy();
  });
  let answer = "";
  socket.on("data", (part: string) => {
    answer += part;
  });
  socket.on("error", () => {});
  socket.write(
    `POST /hooks/bell?token=${bell.token} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  await once(socket, "close");

  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(received).toEqual([]);
});
