import { vi } from "vitest";
import http from "../../../adapters/http/index.js";
import { describeAdapter } from "../../support/adapter-suite.js";
import { startInverter } from "../../support/inverter.js";
import { testPort } from "../../support/ports.js";
import { inverterAt } from "./an-adapter.js";

// How long it waits after failures is tested where the delays are.
vi.mock("../../../src/core/backoff.js", () => ({ retryDelay: () => 50 }));

const port = await testPort();

const limit = (value: number) => ({ id: "1", device: "inverter", channel: "limit", value });

describeAdapter("HTTP", {
  factory: http,
  device: inverterAt(new URL(`http://127.0.0.1:${port}`), { every: "500ms" }),
  commands: [limit(50), limit(60)],
  reading: { channel: "power", values: [100, 200] },
  neverBabbles: "the program of its page speaks well",
  wrongSettings: { timeout: "long" },
  wrongDevice: { address: { url: "inverter" }, channels: {} },
  loses: "device",
  openWorld: async () => {
    const inverter = await startInverter(port);
    return {
      // In their order, where one waits for the other.
      settings: { concurrency: 1 },
      lose: () => inverter.kill(),
      find: () => inverter.restart(),
      get received() {
        return inverter.told.filter((line) => line.includes('limit":'));
      },
      say: async (...values) => {
        for (const power of values) {
          const body = JSON.stringify({ power });
          await fetch(`http://127.0.0.1:${port}/api/status`, { method: "PUT", body });
        }
      },
      stall: () => inverter.signal("SIGSTOP"),
      resume: () => inverter.signal("SIGCONT"),
      close: () => inverter.stop(),
    };
  },
});
