import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import type { AvailabilityDetail } from "../../../src/core/device.js";
import { aDevice } from "../../support/fake-device.js";
import { anAdapter, inverterAt } from "./an-adapter.js";
import { aGate, anHttpServer, aRawServer } from "./client/test-servers.js";

// How long it waits after failures is tested where the delays are.
vi.mock("../../../src/core/backoff.js", () => ({ retryDelay: () => 50 }));

const good = '{"power": 1, "limit": 80}';
const head = (status: string, headers = "") => `HTTP/1.1 ${status}\r\n${headers}Connection: close\r\n`;
const megabytes = "x".repeat(10 * 1024 * 1024);

test.each<
  [string, AvailabilityDetail, RegExp, (write: (bytes: string | Buffer) => void, end: () => void) => void]
>([
  ["is slow", "communication-error", /did not answer in 0.3 s/, () => {}],
  [
    "closes early",
    "communication-error",
    /in the middle of its answer/,
    (write, end) => {
      write(`${head("200 OK", "Content-Length: 100\r\n")}\r\n{"power"`);
      end();
    },
  ],
  ["closes without an answer", "communication-error", /without an answer/, (_, end) => end()],
  [
    "announces 10 MB",
    "communication-error",
    /more than 65536 bytes/,
    (write) => write(`${head("200 OK", "Content-Length: 10485760\r\n")}\r\n`),
  ],
  [
    "sends 10 MB",
    "communication-error",
    /more than 65536 bytes/,
    (write) => write(`${head("200 OK")}\r\n${megabytes}`),
  ],
  [
    "packs 10 MB into a few bytes",
    "communication-error",
    /more than 65536 bytes/,
    (write, end) => {
      write(`${head("200 OK", "Content-Encoding: gzip\r\n")}\r\n`);
      write(gzipSync(megabytes));
      end();
    },
  ],
  [
    "redirects to another place",
    "configuration-error",
    /redirects to http:\/\/192.0.2.1\//,
    (write, end) => {
      write(`${head("302 Found", "Location: http://192.0.2.1/\r\nContent-Length: 0\r\n")}\r\n`);
      end();
    },
  ],
  [
    "fails itself",
    "communication-error",
    /answered 500 Internal Server Error/,
    (write, end) => {
      write(`${head("500 Oops", "Content-Length: 0\r\n")}\r\n`);
      end();
    },
  ],
  [
    "speaks another language",
    "communication-error",
    /did not answer in HTTP/,
    (write, end) => {
      write("SSH-2.0-OpenSSH_9.2p1\r\n");
      end();
    },
  ],
])(
  "a device that %s is offline after three times, and back when it behaves",
  async (_, detail, sentence, misbehave) => {
    let isGood = false;
    const server = await aRawServer((socket) => {
      socket.on("data", () => {
        if (isGood) socket.end(`${head("200 OK", `Content-Length: ${good.length}\r\n`)}\r\n${good}`);
        else
          misbehave(
            (bytes) => socket.write(bytes),
            () => socket.end(),
          );
      });
    });
    const { sink } = await anAdapter([inverterAt(server.url(), { every: "500ms", timeout: "300ms" })]);
    await expect.poll(() => sink.availabilities.length, { timeout: 10_000 }).toBe(1);
    expect(sink.availabilities[0]).toMatchObject({
      status: "offline",
      why: { detail, text: expect.stringMatching(sentence) },
    });
    expect(server.connections()).toBeGreaterThan(2);
    isGood = true;
    await expect.poll(() => sink.availabilities.at(-1)?.status, { timeout: 10_000 }).toBe("online");
    await expect.poll(server.open).toBeLessThan(2);
  },
);

test("reads an answer that came packed", async () => {
  const server = await anHttpServer((_, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(good));
  });
  const { sink } = await anAdapter([inverterAt(server.url())]);
  await expect.poll(() => sink.reports[0]?.readings).toEqual({ power: 1, limit: 80 });
});

test("a 429 is heeded as long as it says", async () => {
  let asked = 0;
  const server = await anHttpServer((_, response) => {
    asked += 1;
    if (asked === 2) response.writeHead(429, { "retry-after": "3600" });
    response.end(good);
  });
  const hasty = inverterAt(server.url(), { every: "500ms" });
  const other = await anHttpServer((_, response) => response.end(good));
  const { sink } = await anAdapter([hasty, { ...inverterAt(other.url(), { every: "500ms" }), id: "other" }]);
  const of = (id: string) => sink.reports.filter(({ device }) => device === id);
  await expect.poll(() => of("other").length, { timeout: 10_000 }).toBeGreaterThan(6);
  expect([asked, of("inverter").length]).toEqual([2, 1]);
  expect(sink.availabilities.some(({ status }) => status === "offline")).toBe(false);
});

test("a host that hangs with twenty URLs delays nobody else", async () => {
  const { opened, open } = aGate();
  const hanging = await anHttpServer(async (_, response) => {
    await opened;
    response.end(good);
  });
  const quick = await anHttpServer((_, response) => response.end(good));
  const stuck = Array.from({ length: 20 }, (_, number) =>
    aDevice({
      id: `stuck-${number}`,
      address: { url: hanging.url(`/${number}`).href, every: "500ms", timeout: "60s" },
      channels: { power: { value: { kind: "number" }, address: { extract: "$.power" } } },
    }),
  );
  const { adapter, sink } = await anAdapter([...stuck, inverterAt(quick.url(), { every: "500ms" })]);
  await expect.poll(() => sink.reports.length, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(new Set(sink.reports.map(({ device }) => device))).toEqual(new Set(["inverter"]));
  expect(hanging.open()).toBe(2);
  open();
  await expect.poll(() => new Set(sink.reports.map(({ device }) => device)).size).toBe(21);
  await adapter.stop();
  await expect.poll(() => hanging.open() + quick.open()).toBe(0);
});

test("keeps one connection and asks one thing at a time, however often it polls", async () => {
  let [asked, underWay, most] = [0, 0, 0];
  const server = await anHttpServer((_, response) => {
    asked += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay -= 1;
      response.end(good);
    }, 5);
  });
  const device = inverterAt(server.url(), { every: "500ms" });
  const { adapter, sink } = await anAdapter([device]);
  await expect.poll(() => sink.reports.length).toBe(1);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  // Each change of the device asks anew.
  for (let count = 0; count < 200; count += 1) {
    const reports = sink.reports.length;
    adapter.carry([{ ...device, label: `${count}` }]);
    await expect.poll(() => sink.reports.length, { interval: 5 }).toBeGreaterThan(reports);
  }
  expect(asked).toBeGreaterThan(200);
  expect([most, server.connections()]).toEqual([1, 1]);
  expect(timers()).toBeLessThan(before + 5);
});
