import { expect, test } from "vitest";
import { aDevice } from "../support/fake-device.js";
import { anApp } from "./an-app.js";

const at = Date.UTC(2026, 10, 22, 8, 0, 0);

test("the list holds every device with its channels and states", async () => {
  const { gateway, get } = await anApp();
  gateway.setDevice(
    aDevice({
      id: "heater",
      label: "Heater",
      room: "Bathroom",
      class: "climate",
      main: "target",
      channels: {
        target: { label: "Target", value: { kind: "number", unit: "°C", min: 5, max: 30 } },
        mode: { label: "Mode", value: { kind: "choice", options: ["off", "heat"] }, writable: false },
      },
    }),
  );
  gateway.removeDevice("kitchen-lamp");
  gateway.report("heater", { target: 21.5 }, "stale", at);
  gateway.setAvailability("heater", "offline", { detail: "communication-error", since: at });

  const reply = await get("/api/v1/devices");

  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toEqual({
    devices: [
      {
        id: "heater",
        jid: "heater@iot.house.test",
        label: "Heater",
        room: "Bathroom",
        class: "climate",
        main: "target",
        adapter: "house",
        availability: { status: "offline", detail: "communication-error", since: "2026-11-22T08:00:00.000Z" },
        channels: {
          target: {
            kind: "number",
            label: "Target",
            unit: "°C",
            min: 5,
            max: 30,
            readable: true,
            writable: true,
            state: { value: 21.5, quality: "stale", at: "2026-11-22T08:00:00.000Z", seq: 3 },
          },
          mode: {
            kind: "choice",
            label: "Mode",
            options: ["off", "heat"],
            readable: true,
            writable: false,
            state: null,
          },
        },
      },
    ],
  });
});

test("one device is found by its id, and a room that it has not is null", async () => {
  const { get } = await anApp();

  const reply = await get("/api/v1/devices/kitchen-lamp");

  expect(reply.json()).toMatchObject({
    id: "kitchen-lamp",
    room: null,
    channels: { power: { kind: "switch" } },
  });
});

test("a device that the token may not see is as unknown as one that is not there", async () => {
  const { gateway, get } = await anApp();
  const unknown = await get("/api/v1/devices/nobody");
  gateway.allows = () => false;
  const hidden = await get("/api/v1/devices/kitchen-lamp");

  expect(unknown.statusCode).toBe(404);
  expect(unknown.headers["content-type"]).toBe("application/problem+json");
  expect(unknown.json()).toEqual({
    type: "urn:homeroster:problem:device-unknown",
    title: "There is no such device",
    status: 404,
    detail: 'There is no device "nobody".',
    code: "device-unknown",
  });
  expect(hidden.json()).toEqual({ ...unknown.json(), detail: 'There is no device "kitchen-lamp".' });
  expect((await get("/api/v1/devices")).json()).toEqual({ devices: [] });
});
