import { once, setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/package.js";
import { describeAdapter } from "../support/adapter-suite.js";
import { closedDoor } from "../support/closed-door.js";
import { aDevice } from "../support/fake-device.js";
import { RecordingLog } from "../support/recording-log.js";
import { RecordingSink } from "../support/recording-sink.js";
import lines from "./index.js";

const lamp = aDevice({ channels: { power: { value: { kind: "switch" }, address: { name: "relay1" } } } });

/** A board that prints what it is told. */
async function aBoard() {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  const listen = async () => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
      socket.setEncoding("utf8").on("data", (text) => received.push(...String(text).trim().split("\n")));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
    return server;
  };
  let server = await listen();
  const lose = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  const print = (text: string) => sockets.forEach((socket) => void socket.write(text));
  return {
    settings: { host: "127.0.0.1", port },
    received,
    print,
    say: async (...values: readonly unknown[]) =>
      print(values.map((value) => `\nrelay1=${value === true ? "on" : "off"}\n`).join("")),
    babble: async () => print("?".repeat(1_000_000)),
    stall: () => sockets.forEach((socket) => void socket.pause()),
    resume: () => sockets.forEach((socket) => void socket.resume()),
    lose,
    find: async () => {
      server = await listen();
    },
    close: lose,
  };
}

const turn = (value: boolean) => ({ id: "1", device: lamp.id, channel: "power", value });

describeAdapter("The example", {
  factory: lines,
  device: lamp,
  commands: [turn(true), turn(false)],
  reading: { channel: "power", values: [true, false] },
  wrongSettings: { host: "127.0.0.1", port: "many" },
  wrongDevice: {
    address: undefined,
    channels: { power: { value: { kind: "switch" }, address: { nam: "a" } } },
  },
  openWorld: aBoard,
});

test("the example reports what the board says, refuses what cannot be, and tells it what people want", async () => {
  const board = await aBoard();
  const sink = new RecordingSink();
  const log = new RecordingLog();
  const adapter = lines.create(board.settings, {
    name: "board",
    devices: [lamp],
    sink,
    hooks: closedDoor,
    log,
  });
  await adapter.start();
  await expect.poll(() => sink.state).toBe("online");
  board.print("relay1=o");
  board.print("n\nrelay2=on\nrelay1=maybe\nrelay1=off\n");
  await expect
    .poll(() => sink.reports.map(({ readings }) => readings))
    .toEqual([{ power: true }, { power: false }]);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'kitchen-lamp: refused a line: "maybe" is neither ON nor OFF.',
  ]);
  await adapter.send(
    { id: "1", device: lamp.id, channel: "power", value: true },
    new AbortController().signal,
  );
  await expect.poll(() => board.received).toEqual(["relay1=ON"]);
  await adapter.stop();
  await board.close();
});

test("the example gives up what the board does not read in time, and sends none of it later", async () => {
  const display = aDevice({ channels: { text: { value: { kind: "text" }, address: { name: "text" } } } });
  const board = await aBoard();
  const sink = new RecordingSink();
  const context = { name: "board", devices: [display], sink, hooks: closedDoor, log: new RecordingLog() };
  const adapter = lines.create(board.settings, context);
  await adapter.start();
  await expect.poll(() => sink.state).toBe("online");
  board.stall();
  const deadline = new AbortController();
  setMaxListeners(0, deadline.signal);
  const say = (value: string) =>
    adapter.send({ id: "1", device: display.id, channel: "text", value }, deadline.signal);
  // More than the kernel takes for a peer that does not read.
  const pile = Promise.allSettled(Array.from({ length: 200 }, () => say("x".repeat(100_000))));
  const refused = expect(say("the last word")).rejects.toMatchObject({
    code: "adapter-failed",
    message: expect.stringContaining("may have happened"),
  });
  deadline.abort();
  await Promise.all([pile, refused]);
  board.resume();
  await expect.poll(() => sink.links.map(({ state }) => state)).toContain("offline");
  await expect.poll(() => sink.state).toBe("online");
  expect(board.received.join("")).not.toContain("the last word");
  await adapter.stop();
  await board.close();
});

test("the page shows the example as it is", async () => {
  const page = await readFile(join(packageRoot, "docs/writing-an-adapter.md"), "utf8");
  const example = await readFile(new URL("index.ts", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});
