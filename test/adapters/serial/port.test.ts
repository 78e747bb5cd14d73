import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { openPort } from "../../../adapters/serial/port.js";
import { settings } from "../../../adapters/serial/settings.js";

async function aPortServer(onSocket: (socket: Socket) => void) {
  const server = createServer(onSocket).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const place = { host: "127.0.0.1", port };
  return { place, settings: settings.parse({ path: `tcp://127.0.0.1:${port}` }) };
}

test("a flood is looked at piece by piece, and others have their turns between", async () => {
  const size = 200_000;
  const server = await aPortServer((socket) => void socket.end(Buffer.alloc(size, "a\n")));
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  onTestFinished(() => void vi.restoreAllMocks());
  let [turn, heard] = [0, 0];
  const heardIn = new Map<number, number>();
  const count = () => {
    turn += 1;
    if (heard < size) setImmediate(count);
  };
  setImmediate(count);
  const lost = new Promise<string>((resolve) => {
    void openPort(
      server.settings,
      server.place,
      {
        onBytes: ({ length }) => {
          // Each takes three milliseconds.
          clock += 3;
          heard += length;
          heardIn.set(turn, (heardIn.get(turn) ?? 0) + length);
        },
        onLost: resolve,
      },
      new AbortController().signal,
    );
  });
  expect(await lost).toBe("it was closed");
  expect(heard).toBe(size);
  expect(Math.max(...heardIn.values())).toBeLessThanOrEqual(2 * 4 * 64);
});

test("an opening that is wanted no more ends at once", async () => {
  const server = await aPortServer(() => {});
  const stop = new AbortController();
  const opening = openPort(
    server.settings,
    server.place,
    { onBytes: () => {}, onLost: () => {} },
    stop.signal,
  );
  stop.abort();
  await expect(opening).rejects.toThrow("it is wanted no more");
});
