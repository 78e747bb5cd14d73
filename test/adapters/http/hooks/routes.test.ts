import { expect, test } from "vitest";
import { HookRoutes } from "../../../../adapters/http/hooks/routes.js";
import { type Hook, hook } from "../../../../adapters/http/hooks/settings.js";
import { type HookRequest, Hooks } from "../../../../src/core/hooks.js";
import { RecordingLog } from "../../../support/recording-log.js";

const token = "9wNXw3Wl5dC0Yz0yT6gTt4Wn8yDOQyrf8u2QmS1pRcE";
const bell = hook.parse({ name: "bell", token });

function someRoutes() {
  const log = new RecordingLog();
  const hooks = new Hooks(() => "7-1", log);
  const heard: string[] = [];
  const door = hooks.door();
  let opened = 0;
  const routes = new HookRoutes(
    {
      open: (name, receiver) => {
        opened += 1;
        return door.open(name, receiver);
      },
    },
    (device, payload) => {
      heard.push(`${device}: ${payload.text}`);
      return `7-${heard.length}00`;
    },
  );
  const call = (name: string, body: string, type = "text/plain") => {
    const headers = { authorization: `Bearer ${token}`, "content-type": type };
    const request: HookRequest = {
      method: "POST",
      headers,
      query: new URLSearchParams(),
      body: Buffer.from(body),
    };
    const outcome = hooks.take(name, request);
    return "refused" in outcome ? outcome.refused : outcome.event;
  };
  const follow = (devices: Readonly<Record<string, Hook>>) => routes.follow(new Map(Object.entries(devices)));
  return { routes, follow, call, heard, log, opened: () => opened };
}

test("hands each call to the device whose webhook it is, and answers with what it became", () => {
  const { follow, call, heard } = someRoutes();
  follow({ doorbell: bell, gate: hook.parse({ name: "gate", token }) });

  expect([call("bell", "ring"), call("gate", "open"), call("gate", "{", "application/json")]).toEqual([
    "7-100",
    "7-200",
    "body-invalid",
  ]);
  expect(heard).toEqual(["doorbell: ring", "gate: open"]);
});

test("follows the devices: one that stayed stays, one that left is closed, and a hook may move", async () => {
  const { routes, follow, call, heard, log, opened } = someRoutes();
  follow({ doorbell: bell, gate: hook.parse({ name: "gate", token }) });
  follow({ doorbell: bell });
  expect([call("gate", "open"), call("bell", "ring"), opened()]).toEqual(["unauthorized", "7-100", 2]);
  follow({ gong: bell });
  call("bell", "ring");
  await new Promise(setImmediate);

  expect(heard).toEqual(["doorbell: ring", "gong: ring"]);
  expect(log.lines).toEqual([]);
  routes.close();
  expect(call("bell", "ring")).toBe("unauthorized");
});
