import { vi } from "vitest";
import http from "../../../adapters/http/index.js";
import { describeAdapter } from "../../support/adapter-suite.js";
import { startInverter } from "../../support/inverter.js";
import { testPort } from "../../support/ports.js";
import { inverterAt } from "./an-adapter.js";

// How long it waits after failures is tested where the delays are.
vi.mock("../../../src/core/backoff.js", () => ({ retryDelay: () => 50 }));

const port = await testPort();

describeAdapter("HTTP", {
  factory: http,
  device: inverterAt(new URL(`http://127.0.0.1:${port}`), { every: "500ms" }),
  command: { id: "1", device: "inverter", channel: "limit", value: 50 },
  wrongSettings: { timeout: "long" },
  wrongDevice: { address: { url: "inverter" }, channels: {} },
  loses: "device",
  openWorld: async () => {
    const inverter = await startInverter(port);
    return {
      settings: {},
      lose: () => inverter.kill(),
      find: () => inverter.restart(),
      received: inverter.told,
      close: () => inverter.stop(),
    };
  },
});
