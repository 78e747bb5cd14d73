import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aDevice } from "../support/fake-device.js";
import { MemoryStore } from "../support/memory-store.js";
import { aFace, alice, gist, home, lamp } from "./a-face.js";

test("an owner who subscribes to a device sees it, and it never asks back", async () => {
  const { link, presence } = aFace();
  presence("subscribe", "Alice@Example.org", lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  expect(gist(link.take())).toEqual([`subscribed ${lamp} > ${alice}`, `available ${lamp}/device > ${alice}`]);
});

test("the house asks back", async () => {
  const { link, presence } = aFace();
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(3));
  expect(gist(link.take())).toEqual([
    `subscribed ${home} > ${alice}`,
    `available ${home}/device > ${alice}`,
    `subscribe ${home} > ${alice}`,
  ]);
});

test("subscriptions survive a restart, and are announced on connect", async () => {
  const first = aFace();
  first.presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(first.link.sent).toHaveLength(2));
  const second = aFace(first.store);
  second.link.emit("online");
  expect(gist(second.link.take())).toEqual([`available ${lamp}/device > ${alice}`]);
});

test("strangers get silence, whatever address they try", () => {
  const { link, presence } = aFace();
  for (const to of [lamp, home, "nothing@iot.example.org", "iot.example.org"]) {
    for (const type of ["subscribe", "probe", "unsubscribe", undefined])
      presence(type, "mallory@evil.example", to);
  }
  expect(link.take()).toEqual([]);
});

test("a probe is answered to the prober, with unsubscribed where there is no subscription", async () => {
  const { link, presence } = aFace();
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`unsubscribed ${lamp} > ${alice}`]);
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`available ${lamp}/device > ${alice}/phone`]);
});

test("unsubscribe ends it once, and a repeat gets no answer", async () => {
  const { link, presence, sink } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  presence("unsubscribe", alice, lamp);
  presence("unsubscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  sink.report("kitchen-lamp", { power: false });
  expect(gist(link.take())).toEqual([
    `unsubscribed ${lamp} > ${alice}`,
    `unavailable ${lamp}/device > ${alice}`,
  ]);
});

test("a subscription to a device that is not there is refused", async () => {
  const { link, presence } = aFace();
  presence("subscribe", alice, "cellar@iot.example.org");
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`unsubscribed cellar@iot.example.org > ${alice}`]);
});

test("whoever lost the right is told so on connect, and forgotten", async () => {
  const store = new MemoryStore();
  await store.write("subscriptions", { seenBy: { "kitchen-lamp": ["old@example.org"] }, houseSees: [] });
  const { link } = aFace(store);
  link.emit("online");
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > old@example.org`,
    `unsubscribed ${lamp} > old@example.org`,
  ]);
  await vi.waitFor(() => expect(store.read("subscriptions")).toEqual({ seenBy: {}, houseSees: [] }));
});

test("a removed device goes unavailable, and comes back with its old subscribers", async () => {
  const { house, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  house.remove("kitchen-lamp");
  expect(gist(link.take())).toEqual([`unavailable ${lamp}/device > ${alice}`]);
  house.put(aDevice());
  expect(gist(link.take())).toEqual([`available ${lamp}/device > ${alice}`]);
});

test("a device that is gone for a while keeps its subscribers: their probe finds it unavailable", async () => {
  const { house, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  house.remove("kitchen-lamp");
  link.take();
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`unavailable ${lamp}/device > ${alice}/phone`]);
});

test("the house asks back once, however often it is asked", async () => {
  const { link, presence } = aFace();
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(3));
  link.take();
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  expect(gist(link.take())).toEqual([`subscribed ${home} > ${alice}`, `available ${home}/device > ${alice}`]);
});

test("whose presence the house saw is left alone when they lose the right", async () => {
  const store = new MemoryStore();
  await store.write("subscriptions", { seenBy: {}, houseSees: ["old@example.org", alice] });
  const { link } = aFace(store);
  link.emit("online");
  expect(gist(link.take())).toEqual([`unsubscribe ${home} > old@example.org`, `probe ${home} > ${alice}`]);
  await vi.waitFor(() => expect(store.read("subscriptions")).toMatchObject({ houseSees: [alice] }));
});

describe("as time goes by", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("whoever was left alone after an error is told all again ten minutes later", async () => {
    const { sink, link, presence } = aFace();
    presence("subscribe", alice, lamp);
    presence("subscribe", alice, home);
    await vi.advanceTimersByTimeAsync(0);
    presence("error", alice, `${lamp}/device`);
    link.take();
    sink.report("kitchen-lamp", { power: false });
    await vi.advanceTimersByTimeAsync(599_000);
    expect(link.take()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gist(link.take())).toEqual([
      `available ${lamp}/device > ${alice}`,
      `available ${home}/device > ${alice}`,
    ]);
  });

  test("errors of strangers are not remembered", async () => {
    const { presence } = aFace();
    for (let n = 0; n < 50; n += 1) presence("error", `m${n}@evil.example`, lamp);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("when a broker takes many devices away, the house tells it in two lines, not in hundreds", async () => {
    const { house, sink, link, presence } = aFace();
    for (let n = 0; n < 300; n += 1) {
      house.put(aDevice({ id: `lamp-${n}` }));
      sink.report(`lamp-${n}`, { power: true });
    }
    presence("subscribe", alice, home);
    await vi.advanceTimersByTimeAsync(2_000);
    link.take();
    sink.link("offline");
    await vi.advanceTimersByTimeAsync(2_000);
    const told = link.take();
    expect(told.length).toBeLessThanOrEqual(2);
    expect(told.at(-1)).toContain("0 of 301 devices online");
  });
});

test("a user whose server answers with errors is left alone until heard again", async () => {
  const { sink, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  presence("error", alice, `${lamp}/device`);
  link.take();
  sink.report("kitchen-lamp", { power: false });
  expect(link.take()).toEqual([]);
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
});
