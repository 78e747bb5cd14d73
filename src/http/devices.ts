import type { FastifyInstance } from "fastify";
import type { DeviceId } from "../core/device.js";
import type { Gateway } from "../core/gateway.js";
import { deviceJson } from "./device-json.js";
import { HttpProblem } from "./problems.js";

export function deviceRoutes(
  scope: FastifyInstance,
  gateway: Gateway,
  jidOf: (id: DeviceId) => string,
): void {
  scope.get("/v1/devices", async ({ principal }) => ({
    devices: gateway.devices(principal).map((view) => deviceJson(view, jidOf(view.device.id))),
  }));

  scope.get<{ Params: { id: string } }>("/v1/devices/:id", async ({ principal, params }) => {
    const view = gateway.device(principal, params.id);
    if (view === undefined) throw new HttpProblem("device-unknown", `There is no device "${params.id}".`);
    return deviceJson(view, jidOf(view.device.id));
  });
}
