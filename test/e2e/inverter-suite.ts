import { afterAll, beforeAll, expect, test } from "vitest";
import { inverterOfThePage, startInverter, type TestInverter } from "../support/inverter.js";
import { testPort } from "../support/ports.js";
import type { TestXmppServer } from "../support/xmpp-server.js";
import { type OwnedHouse, openHouse } from "./owned-house.js";

/** What the inverter of the HTTP adapter's page owes its owner on every XMPP server: the page, followed to the letter but for its pace. */
export function inverterSuite(start: () => Promise<TestXmppServer>): void {
  let device: TestInverter;
  let house: OwnedHouse;

  beforeAll(async () => {
    const port = await testPort();
    device = await startInverter(port);
    const { yaml } = await inverterOfThePage(port);
    house = await openHouse(start, yaml.replace("every: 10s", "every: 1s"));
    house.subscribe("inverter");
  });
  afterAll(async () => {
    await house?.close();
    await device?.stop();
  });

  test("what it answers is its presence", async () => {
    await house.presence("inverter", ({ status }) => status.includes("80 %") && status.includes("512.5 W"));
  });

  test("a new limit is one request, and confirmed by the next reading", async () => {
    expect(await house.ask("inverter", "limit 50")).toMatch(/^Inverter is 50 %\.$/);
    expect(device.told).toEqual(['PUT /api/limit {"limit": 50}']);
  });

  test("its end is seen with the reason, and its return", async () => {
    house.owner.forget();
    await device.kill();
    const gone = await house.presence("inverter", ({ type }) => type === "unavailable");
    expect(gone.status).toMatch(/nothing listens there/);
    await device.restart();
    await house.presence("inverter", ({ type, status }) => type !== "unavailable" && status.includes("80 %"));
  });
}
