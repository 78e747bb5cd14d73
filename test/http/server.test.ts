import { execFile } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { startHttp } from "../../src/http/server.js";
import { someParts } from "./an-app.js";

const run = promisify(execFile);

async function aServer(port = 0, isDefaultPort = false) {
  const { parts, token, gateway, log } = await someParts();
  const server = await startHttp({ ...parts, port, isDefaultPort });
  onTestFinished(() => server.stop());
  return { server, token, gateway, log };
}

async function aTakenPort(): Promise<number> {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  onTestFinished(() => new Promise<void>((resolve) => other.close(() => resolve())));
  return (other.address() as AddressInfo).port;
}

test("curl switches a lamp on", async () => {
  const { server, token, gateway } = await aServer();

  const { stdout } = await run("curl", [
    ...["--silent", "--max-time", "10", "--header", `Authorization: Bearer ${token}`],
    ...["--json", '{"value": "on"}', "--write-out", " %{http_code}"],
    `${server.url}/api/v1/devices/kitchen-lamp/channels/power/command`,
  ]);

  expect(stdout).toBe('{"command":"command-1","receipt":"confirmed"} 200');
  expect(gateway.executed).toMatchObject([{ principal: "token:phone", request: { value: "on" } }]);
});

test("what is no HTTP is answered with a problem, too", async () => {
  const { server } = await aServer();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1").setEncoding("utf8");
  let answer = "";
  socket.on("data", (part: string) => {
    answer += part;
  });

  socket.write("HELLO HOUSE\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve));

  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/);
  expect(JSON.parse(body)).toMatchObject({ status: 400, code: "request-invalid" });
});

test("where the default port is taken a free one is found, and the log says so", async () => {
  const taken = await aTakenPort();

  const { server, log } = await aServer(taken, true);

  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      level: "warn",
      message: `Port ${taken} is taken, so HTTP is at ${server.url} this time.`,
    }),
  );
});

test("a chosen port that is taken is an error that says what to do", async () => {
  const taken = await aTakenPort();

  await expect(aServer(taken)).rejects.toMatchObject({
    code: "adapter-failed",
    message: `http.listen: 127.0.0.1:${taken} is taken by another program; stop it, or choose another port.`,
  });
});

test("a stop closes connections that only keep alive, and may be repeated", async () => {
  const { server } = await aServer();
  await fetch(`${server.url}/healthz`);

  await server.stop();
  await server.stop();

  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

test("a request that is still being sent cannot hold up the stop for longer than 3 s", async () => {
  const { server } = await aServer();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const closed = new Promise((resolve) => socket.once("close", resolve).on("error", () => {}));
  socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
  await new Promise((resolve) => socket.once("connect", resolve));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });

  const stopped = server.stop();
  await vi.advanceTimersByTimeAsync(3_000);

  await Promise.all([stopped, closed]);
});
