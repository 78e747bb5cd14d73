import { onTestFinished } from "vitest";
import { Hooks } from "../../src/core/hooks.js";
import { type AppParts, buildApp } from "../../src/http/app.js";
import { Tokens } from "../../src/http/tokens.js";
import { aDevice } from "../support/fake-device.js";
import { FakeGateway } from "../support/fake-gateway.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";
import { type Document, keepTheContract } from "./contract.js";

/** The face over a fake gateway with a kitchen lamp, and a token for it. */
export async function someParts() {
  const gateway = new FakeGateway([aDevice()]);
  const tokens = new Tokens(new MemoryStore());
  const token = await tokens.create("phone", "resident");
  const log = new RecordingLog();
  let calls = 0;
  const hooks = new Hooks(() => `7-${++calls}`, log);
  const parts = {
    gateway,
    hooks,
    tokens,
    host: "127.0.0.1",
    version: "1.2.3",
    jidOf: (id) => `${id}@iot.house.test`,
    readiness: () => ({ ready: true, links: [] }),
    log,
  } satisfies AppParts;
  return { gateway, hooks, tokens, token, log, parts };
}

let document: Promise<Document> | undefined;

async function readDocument(): Promise<Document> {
  const { parts, token } = await someParts();
  const app = buildApp(parts);
  const headers = { host: "127.0.0.1", authorization: `Bearer ${token}` };
  const reply = await app.inject({ url: "/api/openapi.json", headers });
  await app.close();
  return reply.json();
}

/** The face without a socket; each of its answers is held against the OpenAPI document. */
export async function anApp(changes: Partial<AppParts> = {}) {
  const { parts, ...rest } = await someParts();
  const app = buildApp({ ...parts, ...changes });
  document ??= readDocument();
  keepTheContract(app, await document);
  onTestFinished(() => app.close());
  const headers = { host: "127.0.0.1:8480", authorization: `Bearer ${rest.token}` };
  return {
    ...rest,
    app,
    headers,
    get: (url: string) => app.inject({ url, headers }),
    command: (payload: unknown, path = "kitchen-lamp/channels/power") =>
      app.inject({
        method: "POST",
        url: `/api/v1/devices/${path}/command`,
        headers: { ...headers, "content-type": "application/json" },
        payload: typeof payload === "string" ? payload : JSON.stringify(payload),
      }),
  };
}
