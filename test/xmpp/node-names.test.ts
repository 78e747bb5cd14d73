import { expect, test, vi } from "vitest";
import { opaqueNames } from "../../src/xmpp/node-names.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";

test("opaque names survive a restart and tell nothing", () => {
  const store = new MemoryStore();
  const name = opaqueNames("iot.example.org", store, new RecordingLog())("front-door");
  expect(name).toMatch(/^iot\.example\.org\/[0-9a-f]{24}$/);
  expect(opaqueNames("iot.example.org", store, new RecordingLog())("front-door")).toBe(name);
});

test("a disk that fails costs a line in the log, not the process", async () => {
  const log = new RecordingLog();
  const store = { read: () => undefined, write: () => Promise.reject(new Error("disk full")) };
  opaqueNames("iot.example.org", store, log)("front-door");
  await vi.waitFor(() => expect(log.lines).toMatchObject([{ level: "error" }]));
});
