import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, PortTakenError, withFreePorts } from "../../src/embedded/free-ports.js";
import { testPort } from "../support/ports.js";

test("takes the preferred port, or the next one that is free", async () => {
  const port = await testPort();
  expect(await freePort("127.0.0.1", port)).toBe(port);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await freePort("127.0.0.1", port)).toBeGreaterThan(port);
  server.close();
});

test("chooses again when somebody was quicker, a few times", async () => {
  let calls = 0;
  const use = async () => {
    calls += 1;
    if (calls < 3) throw new PortTakenError("taken");
    return calls;
  };
  expect(await withFreePorts(use)).toBe(3);
  await expect(withFreePorts(() => Promise.reject(new PortTakenError("taken")))).rejects.toThrow("taken");
  await expect(withFreePorts(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("a port that another program has for IPv6 alone is not free for every address", async () => {
  const port = await testPort();
  const server = createServer().listen({ port, host: "::", ipv6Only: true });
  await once(server, "listening");
  expect(await freePort("0.0.0.0", port)).toBeGreaterThan(port);
  expect(await freePort("127.0.0.1", port)).toBe(port);
  server.close();
});
