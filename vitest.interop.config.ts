import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

// What needs ejabberd and further clients: too much to unpack for every run of the tests.
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/interop/**/*.test.ts"],
    exclude: [],
    // A server that is started again within a test takes its seconds.
    testTimeout: 60_000,
    globalSetup: ["test/support/global-setup.ts", "test/support/interop-setup.ts"],
  },
});
