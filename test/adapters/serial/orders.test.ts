import { expect, test } from "vitest";
import { Orders } from "../../../adapters/serial/orders.js";

const never = () => new AbortController().signal;

test("commands take their turns as they came", async () => {
  const orders = new Orders<{ name: string }>();
  const sent = ["one", "two"].map((name) => orders.take({ name }, never()));
  const [one, two] = [orders.next(), orders.next()];
  expect([one?.name, two?.name, orders.next()]).toEqual(["one", "two", undefined]);
  one?.settle(undefined);
  two?.settle(undefined);
  await Promise.all(sent);
});

test("one that is given up while it waits is refused at once, and its turn never comes", async () => {
  const orders = new Orders<{ name: string }>();
  const deadline = new AbortController();
  const sent = orders.take({ name: "one" }, deadline.signal);
  deadline.abort();
  await expect(sent).rejects.toMatchObject({
    code: "adapter-failed",
    message: "The command was cancelled before it left.",
  });
  expect(orders.next()).toBeUndefined();
  await expect(orders.take({ name: "two" }, AbortSignal.abort())).rejects.toMatchObject({
    code: "adapter-failed",
  });
  expect(orders.next()).toBeUndefined();
});

test("one that is on the line is left to the line", async () => {
  const orders = new Orders<{ name: string }>();
  const deadline = new AbortController();
  const sent = orders.take({ name: "one" }, deadline.signal);
  const order = orders.next();
  deadline.abort();
  order?.settle(undefined);
  await sent;
});

test("one that waits to be sent once more may have happened, whoever gives it up", async () => {
  const orders = new Orders<{ name: string }>();
  const deadline = new AbortController();
  const uncertain = { code: "adapter-failed", message: expect.stringContaining("it may have happened") };
  const cancelled = orders.take({ name: "one" }, deadline.signal);
  const lost = orders.take({ name: "two" }, never());
  const fresh = orders.take({ name: "three" }, never());
  for (let count = 0; count < 2; count += 1) {
    const order = orders.next();
    if (order !== undefined) orders.again(order);
  }
  deadline.abort();
  await expect(cancelled).rejects.toMatchObject(uncertain);
  orders.refuse();
  await expect(lost).rejects.toMatchObject(uncertain);
  await expect(fresh).rejects.toMatchObject({ code: "device-offline" });
});
