import type { DeviceId } from "../core/device.js";
import type { Gateway } from "../core/gateway.js";
import { deviceJson } from "./device-json.js";
import { HttpProblem, problemResponses } from "./problems.js";
import { device, deviceList, deviceParams } from "./schemas.js";
import type { Scope } from "./scope.js";

export function deviceRoutes(scope: Scope, gateway: Gateway, jidOf: (id: DeviceId) => string): void {
  scope.get(
    "/api/v1/devices",
    {
      schema: {
        operationId: "listDevices",
        summary: "Every device that the token may see, in order of label",
        response: { 200: deviceList.describe("The devices."), ...problemResponses() },
      },
    },
    async ({ principal }) => ({
      devices: gateway.devices(principal).map((view) => deviceJson(view, jidOf(view.device.id))),
    }),
  );

  scope.get(
    "/api/v1/devices/:id",
    {
      schema: {
        operationId: "getDevice",
        summary: "One device",
        params: deviceParams,
        response: { 200: device.describe("The device."), ...problemResponses("device-unknown") },
      },
    },
    async ({ principal, params }) => {
      const view = gateway.device(principal, params.id);
      if (view === undefined) throw new HttpProblem("device-unknown", `There is no device "${params.id}".`);
      return deviceJson(view, jidOf(view.device.id));
    },
  );
}
