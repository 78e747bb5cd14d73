import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Desk, mark, reply, written } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T08:00:00Z") });
  desk = new Desk();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("receipts, markers and typing", () => {
  const request = "<request xmlns='urn:xmpp:receipts'/>";
  const received = '<received xmlns="urn:xmpp:receipts" id="m1"/>';

  test("a receipt has the type of the message and comes before the answer", async () => {
    expect(await desk.receive(written("on", request))).toEqual([mark(received), reply("You said: on")]);
    expect(await desk.receive(written("off", request, "id='m1' type='normal'"))).toContain(
      mark(received, ' type="normal"'),
    );
  });

  test("a displayed marker follows if the message can be marked", async () => {
    expect(await desk.receive(written("on", "<markable xmlns='urn:xmpp:chat-markers:0'/>"))).toEqual([
      mark('<displayed xmlns="urn:xmpp:chat-markers:0" id="m1"/>'),
      reply("You said: on"),
    ]);
  });

  test("a message without an id cannot be acknowledged", async () => {
    expect(await desk.receive(written("on", request, "type='chat'"))).toEqual([reply("You said: on")]);
  });

  test("typing is shown after a second, to those who show theirs", async () => {
    let finish: (text: string) => void = () => {};
    desk.answer = () => new Promise((resolve) => (finish = resolve));
    const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
    await desk.receive(written("on", active));
    await vi.advanceTimersByTimeAsync(999);
    expect(desk.take()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(desk.take()).toEqual([mark('<composing xmlns="http://jabber.org/protocol/chatstates"/>')]);
    finish("done");
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.take()).toEqual([reply("done", '<active xmlns="http://jabber.org/protocol/chatstates"/>')]);
  });

  test("typing ends where no answer comes", async () => {
    desk.answer = () => new Promise((resolve) => setTimeout(() => resolve(undefined), 3000));
    await desk.receive(written("on", "<active xmlns='http://jabber.org/protocol/chatstates'/>"));
    await vi.advanceTimersByTimeAsync(3000);
    expect(desk.take().at(-1)).toBe(mark('<active xmlns="http://jabber.org/protocol/chatstates"/>'));
  });

  test("typing is nothing to those who show none", async () => {
    desk.answer = () => new Promise((resolve) => setTimeout(() => resolve("done"), 3000));
    await desk.receive(written("on"));
    await vi.advanceTimersByTimeAsync(3000);
    expect(desk.take()).toEqual([reply("done")]);
  });
});
