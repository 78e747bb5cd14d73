import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Adapter, AdapterContext } from "../../src/core/adapter.js";
import type { HookKey } from "../../src/core/hook-proof.js";
import { type HookOutcome, type HookReceiver, type HookRequest, Hooks } from "../../src/core/hooks.js";
import { House } from "../../src/core/house.js";
import { FakeAdapter } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { RecordingLog } from "../support/recording-log.js";
import { silentLog } from "../support/silent-log.js";

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8) }));
afterEach(() => vi.useRealTimers());

const tokenKey: HookKey = { kind: "token", digest: createHash("sha256").update("open sesame").digest() };
const secret = Buffer.from("a secret of the sender's");
const signatureKey: HookKey = { kind: "signature", secret };

function aReceiver(key: HookKey = tokenKey, device = "bell") {
  const received: HookRequest[] = [];
  const receiver: HookReceiver = {
    device,
    key,
    methods: ["POST"],
    receive: (request) => {
      received.push(request);
      return { event: `7-${100 + received.length}` };
    },
  };
  return { receiver, received };
}

function theHooks() {
  const log = new RecordingLog();
  let seq = 0;
  const hooks = new Hooks(() => `7-${++seq}`, log);
  return { hooks, door: hooks.door(), log };
}

function aCall(
  headers: Readonly<Record<string, string>> = {},
  changes: Partial<HookRequest> = {},
): HookRequest {
  return { method: "POST", headers, query: new URLSearchParams(), body: Buffer.from("{}"), ...changes };
}

function bearer(token: string): HookRequest {
  return aCall({}, { query: new URLSearchParams({ token }) });
}

interface Signing {
  readonly id?: string;
  /** Seconds since the epoch. */
  readonly at?: number;
  readonly body?: string;
  readonly by?: Buffer;
}

function signed({
  id = "msg_1",
  at = Date.now() / 1000,
  body = "{}",
  by = secret,
}: Signing = {}): HookRequest {
  const signature = createHmac("sha256", by).update(`${id}.${at}.${body}`).digest("base64");
  return aCall(
    { "webhook-id": id, "webhook-timestamp": `${at}`, "webhook-signature": `v1,${signature}` },
    { body: Buffer.from(body) },
  );
}

function codeOf(outcome: HookOutcome): string {
  return "refused" in outcome ? outcome.refused : outcome.event;
}

test("hands what the holder of the token sends to the receiver, and answers with the event's id", () => {
  const { hooks, door } = theHooks();
  const { receiver, received } = aReceiver();
  door.open("bell", receiver);

  expect(hooks.take("bell", bearer("open sesame"))).toEqual({ event: "7-101" });
  expect(received).toHaveLength(1);
});

test("makes an id for a call that became no event", () => {
  const { hooks, door } = theHooks();
  const { receiver } = aReceiver();
  door.open("bell", { ...receiver, receive: () => ({ event: undefined }) });

  expect(hooks.take("bell", bearer("open sesame"))).toEqual({ event: "7-1" });
  expect(hooks.take("bell", bearer("open sesame"))).toEqual({ event: "7-2" });
});

test("an unknown name, a wrong token, no token and a wrong signature are refused in the same words", () => {
  const { hooks, door } = theHooks();
  const { receiver, received } = aReceiver();
  door.open("bell", receiver);
  door.open("gate", aReceiver(signatureKey).receiver);

  const outcomes = [
    hooks.take("nobody", bearer("open sesame")),
    hooks.take("bell", bearer("open barley")),
    hooks.take("bell", aCall()),
    hooks.take("bell", signed()),
    hooks.take("gate", bearer("open sesame")),
    hooks.take("gate", signed({ by: Buffer.from("another") })),
    hooks.take("nobody", signed()),
  ];

  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
    new Set([JSON.stringify(outcomes[0])]),
  );
  expect(outcomes[0]).toMatchObject({ refused: "unauthorized" });
  expect(received).toEqual([]);
});

test("a bearer token in a header counts before one in the URL", () => {
  const { hooks, door } = theHooks();
  const key: HookKey = { kind: "token", digest: createHash("sha256").update("sesame").digest() };
  door.open("bell", aReceiver(key).receiver);
  const both = (header: string, query: string) =>
    codeOf(
      hooks.take(
        "bell",
        aCall({ authorization: `Bearer ${header}` }, { query: new URLSearchParams({ token: query }) }),
      ),
    );

  expect(both("sesame", "barley")).toBe("7-101");
  expect(both("barley", "sesame")).toBe("unauthorized");
});

test("takes a signed message once, and its exact repetition never again", () => {
  const { hooks, door } = theHooks();
  const { receiver, received } = aReceiver(signatureKey);
  door.open("gate", receiver);
  const call = signed();

  expect(hooks.take("gate", call)).toEqual({ event: "7-101" });
  expect(hooks.take("gate", call)).toMatchObject({ refused: "replayed" });
  vi.advanceTimersByTime(300_001);
  expect(hooks.take("gate", call)).toMatchObject({ refused: "signature-expired" });
  expect(received).toHaveLength(1);
});

test("answers a message that its sender signed anew with the same event, and does nothing", () => {
  const { hooks, door } = theHooks();
  const { receiver, received } = aReceiver(signatureKey);
  door.open("gate", receiver);
  const first = signed();
  hooks.take("gate", first);
  vi.advanceTimersByTime(5_000);
  const again = signed();

  expect(hooks.take("gate", again)).toEqual({ event: "7-101" });
  expect(hooks.take("gate", again)).toMatchObject({ refused: "replayed" });
  expect(hooks.take("gate", first)).toMatchObject({ refused: "replayed" });
  expect(received).toHaveLength(1);
});

test("refuses what was signed more than 5 minutes away, or before the gateway started", () => {
  const { hooks, door } = theHooks();
  door.open("gate", aReceiver(signatureKey).receiver);
  const now = Date.now() / 1000;

  expect(codeOf(hooks.take("gate", signed({ at: now - 1 })))).toBe("signature-expired");
  expect(codeOf(hooks.take("gate", signed({ at: now + 301 })))).toBe("signature-expired");
  expect(codeOf(hooks.take("gate", signed({ at: now + 300 })))).toBe("7-101");
  vi.advanceTimersByTime(600_000);
  expect(codeOf(hooks.take("gate", signed({ id: "msg_2", at: now + 299 })))).toBe("signature-expired");
  expect(codeOf(hooks.take("gate", signed({ id: "msg_2", at: now + 300 })))).toBe("7-102");
});

test("a clock that was set since the start does not keep signatures out", () => {
  const { hooks, door } = theHooks();
  door.open("gate", aReceiver(signatureKey).receiver);
  vi.advanceTimersByTime(10_000);
  vi.setSystemTime(Date.UTC(2025, 0, 1));
  const now = Date.now() / 1000;

  expect(codeOf(hooks.take("gate", signed({ at: now - 10 })))).toBe("7-101");
  expect(codeOf(hooks.take("gate", signed({ id: "msg_2", at: now - 11 })))).toBe("signature-expired");
});

test("takes a message by one of several signatures, and reads none that could mean two things", () => {
  const { hooks, door } = theHooks();
  door.open("gate", aReceiver(signatureKey).receiver);
  const { headers, body } = signed();
  const signatures = `v1a,abc v1,${"A".repeat(43)}= ${headers["webhook-signature"]}`;

  expect(codeOf(hooks.take("gate", aCall({ ...headers, "webhook-signature": signatures }, { body })))).toBe(
    "7-101",
  );
  expect(codeOf(hooks.take("gate", signed({ id: "msg.2" })))).toBe("unauthorized");
  expect(codeOf(hooks.take("gate", aCall({ ...headers, "webhook-timestamp": "now" }, { body })))).toBe(
    "unauthorized",
  );
});

test("a message that was refused for its body may come again", () => {
  const { hooks, door } = theHooks();
  const { receiver } = aReceiver(signatureKey);
  let isReady = false;
  door.open("gate", {
    ...receiver,
    receive: (request) =>
      isReady ? receiver.receive(request) : { refused: "body-invalid", sentence: "The body is no JSON." },
  });

  expect(codeOf(hooks.take("gate", signed()))).toBe("body-invalid");
  isReady = true;
  expect(codeOf(hooks.take("gate", signed()))).toBe("7-101");
});

test("takes 600 calls a minute of one hook, counted after its proof, and says when there is room", () => {
  const { hooks, door } = theHooks();
  const { receiver, received } = aReceiver();
  door.open("bell", receiver);
  door.open("gong", aReceiver(tokenKey, "gong").receiver);
  for (let call = 0; call < 1_000; call += 1) hooks.take("bell", bearer("wrong"));
  for (let call = 0; call < 600; call += 1) hooks.take("bell", bearer("open sesame"));
  vi.advanceTimersByTime(20_000);

  expect(received).toHaveLength(600);
  expect(hooks.take("bell", bearer("open sesame"))).toMatchObject({
    refused: "rate-limited",
    retryAfter: 40_000,
  });
  expect(codeOf(hooks.take("gong", bearer("open sesame")))).toBe("7-101");
  vi.advanceTimersByTime(40_000);
  expect(codeOf(hooks.take("bell", bearer("open sesame")))).toBe("7-701");
});

test("tells of the method only to whoever may call", () => {
  const { hooks, door } = theHooks();
  door.open("bell", aReceiver().receiver);
  const get = (token: string) => hooks.take("bell", { ...bearer(token), method: "GET" });

  expect(get("wrong")).toMatchObject({ refused: "unauthorized" });
  expect(get("open sesame")).toMatchObject({ refused: "method-not-allowed", methods: ["POST"] });
});

test("a hook that two devices want is the first one's, which the log says, until that one goes", () => {
  const { hooks, door, log } = theHooks();
  const first = aReceiver();
  const second = aReceiver(tokenKey, "gong");
  const leave = door.open("bell", first.receiver);
  hooks.door().open("bell", second.receiver);
  vi.runAllTimers();

  hooks.take("bell", bearer("open sesame"));
  expect(log.lines.map(({ message }) => message)).toEqual([
    `the webhook "bell" is bell's, so gong hears nothing of it; give it a name of its own`,
  ]);
  leave();
  leave();
  hooks.take("bell", bearer("open sesame"));
  expect([first.received.length, second.received.length]).toEqual([1, 1]);
});

test("a hook moves from one device to another without a word, in whatever order", () => {
  const { hooks, door, log } = theHooks();
  const second = aReceiver(tokenKey, "gong");
  const leave = door.open("bell", aReceiver().receiver);
  door.open("bell", second.receiver);
  leave();
  vi.runAllTimers();

  expect(hooks.take("bell", bearer("open sesame"))).toEqual({ event: "7-101" });
  expect(second.received).toHaveLength(1);
  expect(log.lines).toEqual([]);
});

test("a replay stays one when the hook was closed and opened in between", () => {
  const { hooks, door } = theHooks();
  const leave = door.open("gate", aReceiver(signatureKey).receiver);
  const call = signed();
  hooks.take("gate", call);
  leave();
  expect(codeOf(hooks.take("gate", call))).toBe("unauthorized");
  door.open("gate", aReceiver(signatureKey).receiver);

  expect(codeOf(hooks.take("gate", call))).toBe("replayed");
});

test("an adapter that is taken away leaves no hook open, and opens none afterwards", async () => {
  const house = new House({ epoch: 7, roleOf: () => "owner", log: silentLog });
  house.put(aDevice());
  const contexts: AdapterContext[] = [];
  house.carry("house", "fake", (context): Adapter => {
    contexts.push(context);
    return new FakeAdapter();
  });
  const [context] = contexts;
  context?.hooks.open("bell", aReceiver().receiver);
  expect(codeOf(house.hooks.take("bell", bearer("open sesame")))).toBe("7-101");

  await house.release("house");
  context?.hooks.open("gong", aReceiver().receiver);

  expect(codeOf(house.hooks.take("bell", bearer("open sesame")))).toBe("unauthorized");
  expect(codeOf(house.hooks.take("gong", bearer("open sesame")))).toBe("unauthorized");
});
