import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FrameReader } from "../../../../adapters/serial/framing/frame-reader.js";
import { framerOf } from "../../../../adapters/serial/framing/settings.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aReader() {
  const frames: string[] = [];
  const framer = framerOf({ kind: "gap", gap: 50, max: 8 });
  return { frames, reader: new FrameReader(framer, (frame) => frames.push(Buffer.from(frame).toString())) };
}

test("hands on a frame when the line was silent for the gap, and not before", () => {
  const { frames, reader } = aReader();
  reader.push(Buffer.from("ab"));
  vi.advanceTimersByTime(49);
  reader.push(Buffer.from("cd"));
  vi.advanceTimersByTime(49);
  expect(frames).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(frames).toEqual(["abcd"]);
});

test("takes bytes that waited in the driver while the process was busy as one with those before", () => {
  const { frames, reader } = aReader();
  reader.push(Buffer.from("ab"));
  vi.advanceTimersToNextTimer();
  reader.push(Buffer.from("cd"));
  expect(frames).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(frames).toEqual(["abcd"]);
});

test("forgets half a frame, and its timer, when the link is new", () => {
  const { frames, reader } = aReader();
  reader.push(Buffer.from("ab"));
  reader.reset();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(frames).toEqual([]);
});
