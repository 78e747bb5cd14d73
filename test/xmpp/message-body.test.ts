import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Desk, written } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T08:00:00Z") });
  desk = new Desk();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("how old a message is", () => {
  const ages = async (children: string): Promise<unknown> => {
    await desk.receive(written("on", children, "type='chat'"));
    return desk.heard.at(-1)?.origin?.age;
  };
  const delay = (stamp: string): string => `<delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>`;

  test("is told by its delay stamps, the oldest first", async () => {
    expect(await ages("")).toBe("fresh");
    expect(await ages(delay("2026-11-22T07:59:51Z"))).toBe("fresh");
    expect(await ages(delay("2026-11-22T07:59:49Z"))).toBe("late");
    expect(await ages(delay("2026-11-22T08:00:00Z") + delay("2026-11-22T07:00:00Z"))).toBe("late");
    expect(await ages(delay("yesterday"))).toBe("unknown");
  });

  test("is unknown after a gap in the link", async () => {
    desk.isAgeUnknown = true;
    expect(await ages("")).toBe("unknown");
    expect(await ages(delay("2026-11-22T07:00:00Z"))).toBe("late");
  });
});

describe("a quotation", () => {
  const quoting = (body: string, ranges: string, feature = "urn:xmpp:reply:0"): string =>
    written(
      body,
      `<reply xmlns='urn:xmpp:reply:0' id='x'/><fallback xmlns='urn:xmpp:fallback:0' for='${feature}'>${ranges}</fallback>`,
    );

  test("is cut out before reading, counted in code points", async () => {
    await desk.receive(quoting("&gt; 😀 is off\non", "<body start='0' end='11'/>"));
    expect(desk.heard.map(({ text }) => text)).toEqual(["on"]);
  });

  test("that is all there is leaves nothing to obey", async () => {
    expect(await desk.receive(quoting("👍", "<body/>", "urn:xmpp:reactions:0"))).toEqual([]);
    expect(await desk.receive(quoting("👍", "", "urn:xmpp:reactions:0"))).toEqual([]);
    expect(desk.heard).toEqual([]);
  });

  test("with senseless ranges does no harm", async () => {
    await desk.receive(quoting("on", "<body start='a' end='b'/><body start='9' end='4'/><subject/>"));
    expect(desk.heard.map(({ text }) => text)).toEqual(["on"]);
  });
});
