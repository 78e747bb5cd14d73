import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

// What needs ejabberd and further clients: too much to unpack for every run of the tests.
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/interop/**/*.test.ts"],
    exclude: [],
    // Erlang starts slowly, on a busy machine very slowly.
    hookTimeout: 180_000,
    globalSetup: ["test/support/global-setup.ts", "test/support/interop-setup.ts"],
  },
});
