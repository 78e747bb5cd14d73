import { expect, test } from "vitest";
import { EventStream, type StreamSource } from "../../src/http/event-stream.js";
import type { Frame } from "../../src/http/replay.js";

const ticks = { heartbeat: 3, patience: 12 };

function aSource(count: number) {
  const frames = Array.from(
    { length: count },
    (_, index): Frame => ({
      seq: index + 1,
      name: "state",
      about: { device: "kitchen-lamp" },
      size: 1_000,
      data: () => ({}),
    }),
  );
  let isOpen = true;
  const source: StreamSource = {
    isOpen: () => isOpen,
    reachesBackTo: () => true,
    after: (seq) => frames.filter((frame) => frame.seq > seq),
    snapshot: () => ({ frames, seq: count }),
    text: ({ seq }) => `${seq}`.padEnd(1_000),
    id: (seq) => `7-${seq}`,
  };
  return { source, close: () => (isOpen = false) };
}

test("takes no more from the source than its reader takes", () => {
  const stream = new EventStream(aSource(1_000).source, { after: 0 });

  stream.read(0);
  stream.pump();

  expect(stream.readableLength).toBeLessThan(70_000);
});

test("a reader who takes nothing is given up after the twelfth tick, and hears no heartbeat before", () => {
  const stream = new EventStream(aSource(1_000).source, { after: 0 });
  stream.read(0);
  const held = stream.readableLength;

  const answers = Array.from({ length: 12 }, () => stream.tick(ticks));

  expect(answers).toEqual([...Array(11).fill(true), false]);
  expect(stream.readableLength).toBe(held);
});

test("a reader who has everything hears a heartbeat every third tick, and is never given up", () => {
  const stream = new EventStream(aSource(0).source, { after: 0 });
  const read = () => String(stream.read() ?? "");
  expect(read()).toBe("retry: 3000\nid: 7-0\n\n");

  const heard = Array.from({ length: 24 }, () => {
    expect(stream.tick(ticks)).toBe(true);
    return read();
  });

  expect(heard.filter((text) => text !== "")).toEqual(Array(8).fill(":\n\n"));
});

test("tells nothing more once it may not", () => {
  const { source, close } = aSource(1);
  const stream = new EventStream(source, { after: 0 });
  close();

  expect(stream.read()).toBeNull();
  expect(stream.readableLength).toBe(0);
});
