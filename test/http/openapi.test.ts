import { Validator } from "@seriousme/openapi-schema-validator";
import { afterEach, expect, test, vi } from "vitest";
import { openHooks } from "./a-hook.js";
import { anApp } from "./an-app.js";
import { type Document, validatorOf } from "./contract.js";

afterEach(() => {
  vi.useRealTimers();
});

async function theDocument() {
  const parts = await anApp();
  const reply = await parts.get("/api/openapi.json");
  return { ...parts, reply, document: reply.json<Document>() };
}

test("the document is valid OpenAPI 3.1", async () => {
  const { document } = await theDocument();

  expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Homeroster", version: "1.2.3" } });
  expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true });
});

test("the document wants a token, like all that it describes but the two health routes", async () => {
  const { app, document } = await theDocument();
  const open = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item).flatMap(({ security }) => (security?.length === 0 ? [path] : [])),
  );

  expect(open).toEqual(["/healthz", "/readyz"]);
  for (const path of Object.keys(document.paths)) {
    const { statusCode } = await app.inject({ url: path, headers: { host: "localhost" } });
    expect([path, statusCode]).toEqual([path, open.includes(path) ? 200 : 401]);
  }
});

test("every route is in the document, and nothing else is", async () => {
  const { app, get } = await anApp();
  const routes: string[] = [];
  app.addHook("onRoute", ({ method, url, schema }) => {
    const path = url.replaceAll(/:(\w+)/g, "{$1}");
    if (schema?.hide !== true && method !== "HEAD") routes.push(`${method} ${path}`);
  });
  const { paths } = (await get("/api/openapi.json")).json<Document>();

  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(routes.sort());
});

test("every status in the document comes, for its own reason", async () => {
  const { document } = await theDocument();
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.keys(responses).flatMap((status) =>
        status === "default" ? [] : [`${method.toUpperCase()} ${path} ${status}`],
      ),
    ),
  );

  expect(await everythingThatComes()).toEqual(described.sort());
});

async function everythingThatComes(): Promise<readonly string[]> {
  const { app, gateway, get, command, headers, token } = await anApp();
  const ill = await anApp({
    readiness: () => ({ ready: false, links: [{ name: "xmpp", state: "offline" }] }),
  });
  const seen = new Set<string>();
  const note = ({ statusCode }: { statusCode: number }, operation: string) =>
    seen.add(`${operation} ${statusCode}`);

  note(await get("/healthz"), "GET /healthz");
  note(await get("/readyz"), "GET /readyz");
  note(await ill.get("/readyz"), "GET /readyz");
  note(await get("/api/openapi.json"), "GET /api/openapi.json");
  note(await get("/metrics"), "GET /metrics");
  gateway.allows = () => false;
  note(await get("/metrics"), "GET /metrics");
  gateway.allows = () => true;
  note(await get("/api/v1/devices"), "GET /api/v1/devices");
  note(await get("/api/v1/devices/kitchen-lamp"), "GET /api/v1/devices/{id}");
  note(await get("/api/v1/devices/nobody"), "GET /api/v1/devices/{id}");

  const post = "POST /api/v1/devices/{id}/channels/{channel}/command";
  note(await command({ value: true }), post);
  note(await command({}), post);
  const refusals = [
    "forbidden",
    "device-unknown",
    "busy",
    "confirmation-invalid",
    "confirmation-required",
    "device-offline",
  ] as const;
  for (const code of refusals) {
    gateway.answer = () => ({ receipt: "refused", code, detail: "No." });
    note(await command({ value: true }), post);
  }
  gateway.answer = () => new Promise(() => {});
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const slow = command({ value: true });
  await vi.waitFor(() => expect(gateway.executed).toHaveLength(8));
  await vi.advanceTimersByTimeAsync(5_000);
  note(await slow, post);
  vi.useRealTimers();

  note(await get("/api/v1/commands/command-1"), "GET /api/v1/commands/{command}");
  note(await get("/api/v1/commands/command-99"), "GET /api/v1/commands/{command}");

  for (const status of await hookStatuses()) seen.add(status);

  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const streams = Array.from({ length: 9 }, async () => {
    const { status, body } = await fetch(`${url}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    note({ statusCode: status }, "GET /api/v1/events");
    return body;
  });
  for (const body of await Promise.all(streams)) await body?.cancel();
  expect(headers.host).toBe("127.0.0.1:8480");
  return [...seen].sort();
}

async function hookStatuses(): Promise<readonly string[]> {
  const { app, hooks } = await anApp();
  const { bell, gate } = openHooks(hooks);
  const call = async (
    method: "GET" | "POST",
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const { statusCode } = await app.inject({
      method,
      url: path,
      headers: { host: "localhost", ...headers },
    });
    return `${method} /hooks/{name} ${statusCode}`;
  };
  const signed = gate.sign("msg_1", "");
  const wrong = Array.from({ length: 12 }, () => ["GET", "POST"] as const).flat();
  return [
    await call("GET", `/hooks/url?token=${bell.token}`),
    await call("POST", `/hooks/bell?token=${bell.token}`),
    await call("POST", "/hooks/gate", signed),
    await call("POST", "/hooks/gate", signed),
    ...(await Promise.all(wrong.map((method) => call(method, "/hooks/nobody")))),
  ];
}

test("the data of every event of the stream is described, too", async () => {
  const { app, gateway, document, token } = await theDocument();
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  gateway.report("kitchen-lamp", { power: true });
  const { body } = await fetch(`${url}/api/v1/events`, {
    headers: { authorization: `Bearer ${token}`, "last-event-id": "6-1" },
  });
  gateway.setAvailability("kitchen-lamp", "offline", {
    detail: "adapter-offline",
    text: "The link is down.",
  });
  gateway.emitEvent("kitchen-lamp", "power", { type: "press", count: 2 });
  await gateway.execute("token:phone", { device: "kitchen-lamp", channel: "power", value: true }).receipt;

  const schemas: Readonly<Record<string, string>> = {
    snapshot: "SnapshotEvent",
    state: "StateEvent",
    availability: "AvailabilityEvent",
    event: "DeviceEvent",
    receipt: "ReceiptEvent",
  };
  const validate = validatorOf(document);
  const missing = new Set(Object.keys(schemas));
  for await (const chunk of body ?? []) {
    for (const [, name = "", data] of new TextDecoder()
      .decode(chunk)
      .matchAll(/^event: (.*)\ndata: (.*)$/gm)) {
      expect(validate(`#/components/schemas/${schemas[name]}`, data), `${name} ${data}`).toEqual([]);
      missing.delete(name);
    }
    if (missing.size === 0) break;
  }
});
