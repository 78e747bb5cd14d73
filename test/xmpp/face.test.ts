import { expect, test, vi } from "vitest";
import { aDevice } from "../support/fake-device.js";
import { aFace, alice, gist, home, lamp } from "./a-face.js";

test("a message that may have waited during a gap of the link toggles nothing", async () => {
  const { link, sink } = aFace();
  sink.report("kitchen-lamp", { power: true });
  link.take();
  link.isCaughtUp = false;
  link.receive(`<message type="chat" from="${alice}/phone" to="${lamp}"><body>toggle</body></message>`);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(link.take()[0]).toContain("The connection was away");
});

test("a stop tells everyone", async () => {
  const { face, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(5));
  link.take();
  await face.stop();
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > ${alice}`,
    `unavailable ${home}/device > ${alice}`,
  ]);
});

test("a stop tells no more at once than the link takes", async () => {
  const { face, house, link, presence } = aFace();
  house.put(aDevice({ id: "hall-lamp" }));
  for (const to of [lamp, "hall-lamp@iot.example.org"]) presence("subscribe", alice, to);
  await vi.waitFor(() => expect(link.sent).toHaveLength(4));
  link.take();
  link.isWritable = false;
  const stopped = face.stop();
  expect(link.take()).toEqual([]);
  link.isWritable = true;
  link.emit("writable");
  await stopped;
  expect(link.take()).toHaveLength(2);
});

test("who loses the right to view is told so on every address, and hears nothing more", async () => {
  const { dismiss, sink, link, presence, store } = aFace();
  presence("subscribe", alice, lamp);
  presence("subscribe", alice, home);
  presence("subscribed", alice, home);
  await vi.waitFor(() => expect(store.read("subscriptions")).toMatchObject({ houseSees: [alice] }));
  link.take();
  dismiss(alice);
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > ${alice}`,
    `unsubscribed ${lamp} > ${alice}`,
    `unavailable ${home}/device > ${alice}`,
    `unsubscribed ${home} > ${alice}`,
    `unsubscribe ${home} > ${alice}`,
  ]);
  sink.report("kitchen-lamp", { power: false });
  presence("probe", alice, lamp);
  expect(link.take()).toEqual([]);
  await vi.waitFor(() => expect(store.read("subscriptions")).toEqual({ seenBy: {}, houseSees: [] }));
});

test("who loses it while the server is away is told after the next connect", async () => {
  const { dismiss, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  link.state = "offline";
  dismiss(alice);
  expect(link.take()).toEqual([]);
  link.state = "online";
  link.emit("online");
  expect(gist(link.take())).toContain(`unsubscribed ${lamp} > ${alice}`);
});

test("who loses the right while a subscription is written down sees nothing after the farewell", async () => {
  const { dismiss, link, presence, face } = aFace();
  presence("subscribe", alice, lamp);
  dismiss(alice);
  await face.stop();
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > ${alice}`,
    `unsubscribed ${lamp} > ${alice}`,
  ]);
});

test("who loses the right while the link is busy is not told what they had asked for", async () => {
  const { dismiss, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.isWritable = false;
  presence("probe", `${alice}/phone`, lamp);
  link.take();
  dismiss(alice);
  link.isWritable = true;
  link.emit("writable");
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > ${alice}`,
    `unsubscribed ${lamp} > ${alice}`,
  ]);
});
