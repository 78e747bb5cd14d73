import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startHttp } from "../../../../src/http/server.js";
import { someParts } from "../../../http/an-app.js";
import { testPython } from "../../../support/packages.js";
import { testPort } from "../../../support/ports.js";
import { runServer } from "../../../support/server-process.js";
import { aStream, holdClock, releaseClock, until } from "./a-stream.js";

beforeEach(holdClock);
afterEach(releaseClock);

/** A server in Python; `said` are the lines that it printed. */
async function aPeer(script: string, givenPort?: number) {
  const port = givenPort ?? (await testPort());
  const said: string[] = [];
  const path = fileURLToPath(new URL(script, import.meta.url));
  const server = runServer(script, testPython(), ["-u", path, String(port)], (line) => {
    said.push(line);
    return line === "ready";
  });
  onTestFinished(() => server.end("SIGKILL"));
  await server.ready;
  return {
    said,
    server,
    port,
    url: new URL(`http://127.0.0.1:${port}/`),
    say: (message: unknown) => server.write(`${JSON.stringify(message)}\n`),
  };
}

test("follows an event stream of Python's HTTP server through its death, and goes on where it was", async () => {
  const peer = await aPeer("event_server.py");
  const { listener } = aStream({ url: peer.url });
  await until(() => listener.state === "online");
  await until(() => peer.said.includes("asked null"));
  peer.say('id: 42\nevent: update\ndata: {"on": true}\n\ndata: lost with its server');
  await until(() => listener.messages.length === 1);
  expect(listener.messages).toEqual([["update", '{"on": true}']]);
  await peer.server.end("SIGKILL");
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${peer.url} ended the stream`);
  const again = await aPeer("event_server.py", peer.port);
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => listener.state === "online");
  await until(() => again.said.includes('asked "42"'));
  again.say("data: back\n\n");
  await until(() => listener.texts.at(-1) === "back");
});

test("a stream whose server hangs is noticed by its silence where the configuration says how long", async () => {
  const peer = await aPeer("event_server.py");
  const { listener } = aStream({ url: peer.url, silence: 30_000 });
  await until(() => listener.state === "online" && peer.said.includes("asked null"));
  peer.say("data: a\n\n");
  await until(() => listener.messages.length === 1);
  peer.server.kill("SIGSTOP");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(listener.state).toBe(`connecting ${peer.url} said nothing for 30 s`);
  // The kernel still takes connections in its name; nobody answers them.
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(listener.state).toBe(`offline ${peer.url} opened nothing within 10 s`);
  peer.server.kill("SIGCONT");
  await vi.advanceTimersByTimeAsync(2_000);
  await until(() => listener.state === "online");
});

test("talks with a WebSocket of python3-websockets: login, subprotocol, text, bytes, both ways", async () => {
  const peer = await aPeer("web_socket_server.py");
  const { stream, listener } = aStream({
    url: peer.url,
    kind: "websocket",
    protocols: ["v2", "v1"],
    auth: { kind: "basic", username: "a", password: "b" },
    send: ['{"id": 1, "src": "grün"}'],
  });
  await until(() => peer.said.includes('heard {"id": 1, "src": "grün"}'));
  expect(peer.said).toContain("opened v1 Basic YTpi");
  await stream.send('{"method": "Switch.Set"}', new AbortController().signal);
  await until(() => peer.said.includes('heard {"method": "Switch.Set"}'));
  peer.say('{"on": true}');
  peer.say({ bytes: [0x67, 0x72, 0xc3, 0xbc, 0x6e] });
  await until(() => listener.messages.length === 2);
  expect(listener.texts).toEqual(['{"on": true}', "grün"]);
  await stream.stop();
  await until(() => peer.said.includes("closed 1000"));
});

test("a WebSocket whose server hangs is noticed within 25 s, and found again when it goes on", async () => {
  const peer = await aPeer("web_socket_server.py");
  const { listener } = aStream({ url: peer.url, kind: "websocket" });
  await until(() => listener.state === "online");
  peer.server.kill("SIGSTOP");
  await vi.advanceTimersByTimeAsync(25_000);
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${peer.url.href.replace("http", "ws")} does not answer any more`);
  peer.server.kill("SIGCONT");
  await vi.advanceTimersByTimeAsync(1_000);
  await until(() => listener.state === "online");
  await peer.server.end("SIGKILL");
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`offline ${peer.url.href.replace("http", "ws")} cut the connection`);
});

test("one gateway follows the events of another", async () => {
  const { parts, gateway, token } = await someParts();
  const server = await startHttp({ ...parts, port: 0, isDefaultPort: false });
  onTestFinished(() => server.stop());
  const url = new URL("/api/v1/events", server.url);
  const { listener } = aStream({ url, auth: { kind: "bearer", token } });
  await until(() => listener.state === "online");
  gateway.report("kitchen-lamp", { power: true }, "live");
  await until(() => listener.messages.length === 1);
  const [[name, text] = []] = listener.messages;
  expect(name).toBe("state");
  expect(JSON.parse(text ?? "")).toMatchObject({ device: "kitchen-lamp", state: { value: true } });
  const stranger = aStream({ url });
  await until(() => stranger.listener.state.startsWith("offline"));
  expect(stranger.listener.state).toBe(`offline ${url} does not let us in (401); check \`auth\` refused`);
});
