import type { Behaviour } from "./behaviour.js";
import { bathroom } from "./behaviours/bathroom.js";
import { blind } from "./behaviours/blind.js";
import { camera } from "./behaviours/camera.js";
import { car } from "./behaviours/car.js";
import { fan } from "./behaviours/fan.js";
import { frontDoor } from "./behaviours/front-door.js";
import { colorLamp, lamp } from "./behaviours/lamp.js";
import { oven } from "./behaviours/oven.js";
import { radio } from "./behaviours/radio.js";
import { thermostat } from "./behaviours/thermostat.js";
import { washingMachine } from "./behaviours/washing-machine.js";
import { weather } from "./behaviours/weather.js";
import { window } from "./behaviours/window.js";

/** Every behaviour by the name that the house calls it. */
export const repertoire = {
  bathroom,
  blind,
  camera,
  car,
  "color-lamp": colorLamp,
  fan,
  "front-door": frontDoor,
  lamp,
  oven,
  radio,
  thermostat,
  "washing-machine": washingMachine,
  weather,
  window,
} as const satisfies Record<string, Behaviour>;
