import type { HookDoor } from "../../src/core/hooks.js";

/** For adapters that open no webhooks. */
export const closedDoor: HookDoor = {
  open: (name) => {
    throw new Error(`nobody expected the webhook "${name}"`);
  },
};
