import type { ChannelId, DeviceClass, Risk } from "../../src/core/device.js";
import type { ValueSpec } from "../../src/core/value.js";
import type { repertoire } from "./repertoire.js";

interface HouseChannel {
  readonly label: string;
  readonly value: ValueSpec;
  /** "r" where it is left out. */
  readonly access?: "r" | "w" | "rw";
  readonly risk?: Risk;
}

/** One device of the simulated house, without the way it behaves. */
export interface HouseDevice {
  readonly label: string;
  readonly room: string;
  readonly class: DeviceClass;
  readonly main: ChannelId;
  readonly behaviour: keyof typeof repertoire;
  /** Out of reach now and then. */
  readonly dropsOut?: true;
  readonly channels: Readonly<Record<ChannelId, HouseChannel>>;
}

const celsius = { kind: "number", unit: "°C" } as const;
const percent = { kind: "number", unit: "%" } as const;

/** The simulated house, by device id. */
export const house: Readonly<Record<string, HouseDevice>> = {
  "kitchen-lamp": {
    label: "Kitchen lamp",
    room: "Kitchen",
    class: "light",
    main: "power",
    behaviour: "lamp",
    channels: {
      power: { label: "Power", value: { kind: "switch" }, access: "rw" },
      brightness: { label: "Brightness", value: { kind: "level" }, access: "rw" },
    },
  },
  oven: {
    label: "Oven",
    room: "Kitchen",
    class: "other",
    main: "power",
    behaviour: "oven",
    channels: {
      power: { label: "Power", value: { kind: "switch" }, access: "rw", risk: "hazard" },
      target: { label: "Target", value: { ...celsius, min: 50, max: 250, step: 5 }, access: "rw" },
      temperature: { label: "Temperature", value: celsius },
    },
  },
  "living-room-lamp": {
    label: "Living room lamp",
    room: "Living room",
    class: "light",
    main: "power",
    behaviour: "color-lamp",
    channels: {
      power: { label: "Power", value: { kind: "switch" }, access: "rw" },
      brightness: { label: "Brightness", value: { kind: "level" }, access: "rw" },
      color: { label: "Color", value: { kind: "color" }, access: "rw" },
    },
  },
  thermostat: {
    label: "Thermostat",
    room: "Living room",
    class: "climate",
    main: "temperature",
    behaviour: "thermostat",
    channels: {
      temperature: { label: "Temperature", value: celsius },
      target: { label: "Target", value: { ...celsius, min: 5, max: 30, step: 0.5 }, access: "rw" },
      mode: { label: "Mode", value: { kind: "choice", options: ["off", "heat", "auto"] }, access: "rw" },
      heating: { label: "Heating", value: { kind: "switch" } },
      humidity: { label: "Humidity", value: percent },
    },
  },
  radio: {
    label: "Radio",
    room: "Living room",
    class: "media",
    main: "power",
    behaviour: "radio",
    channels: {
      power: { label: "Power", value: { kind: "switch" }, access: "rw" },
      volume: { label: "Volume", value: { kind: "level" }, access: "rw" },
      station: {
        label: "Station",
        value: { kind: "choice", options: ["Jazz Cellar", "Morning Wave", "Night Classics", "News"] },
        access: "rw",
      },
      title: { label: "Title", value: { kind: "text" } },
      announce: { label: "Announce", value: { kind: "text" }, access: "w" },
    },
  },
  "bedroom-blind": {
    label: "Bedroom blind",
    room: "Bedroom",
    class: "blind",
    main: "position",
    behaviour: "blind",
    channels: { position: { label: "Position", value: { kind: "cover" }, access: "rw" } },
  },
  "bedroom-fan": {
    label: "Bedroom fan",
    room: "Bedroom",
    class: "climate",
    main: "power",
    behaviour: "fan",
    channels: {
      power: { label: "Power", value: { kind: "switch" }, access: "w" },
      speed: { label: "Speed", value: { kind: "choice", options: ["low", "medium", "high"] }, access: "w" },
    },
  },
  "bedroom-window": {
    label: "Bedroom window",
    room: "Bedroom",
    class: "sensor",
    main: "contact",
    behaviour: "window",
    dropsOut: true,
    channels: {
      contact: { label: "Contact", value: { kind: "contact" } },
      temperature: { label: "Temperature", value: celsius },
      battery: { label: "Battery", value: percent },
    },
  },
  "washing-machine": {
    label: "Washing machine",
    room: "Bathroom",
    class: "socket",
    main: "phase",
    behaviour: "washing-machine",
    channels: {
      phase: {
        label: "Phase",
        value: {
          kind: "choice",
          options: ["off", "idle", "waiting", "washing", "rinsing", "spinning", "done"],
        },
      },
      finish: { label: "Finish", value: { kind: "datetime" }, access: "rw" },
      program: {
        label: "Program",
        value: { kind: "choice", options: ["cotton", "eco", "wool", "quick"] },
        access: "rw",
      },
      start: { label: "Start", value: { kind: "button" }, access: "w" },
      power: { label: "Power", value: { kind: "switch" }, access: "rw" },
      consumption: { label: "Consumption", value: { kind: "number", unit: "W" } },
      energy: { label: "Energy", value: { kind: "number", unit: "kWh" } },
    },
  },
  "bathroom-sensor": {
    label: "Bathroom sensor",
    room: "Bathroom",
    class: "sensor",
    main: "motion",
    behaviour: "bathroom",
    channels: {
      motion: { label: "Motion", value: { kind: "switch", words: "detected/clear" } },
      temperature: { label: "Temperature", value: celsius },
      humidity: { label: "Humidity", value: percent },
      leak: { label: "Leak", value: { kind: "switch", words: "wet/dry" } },
    },
  },
  "front-door": {
    label: "Front door",
    room: "Outside",
    class: "lock",
    main: "lock",
    behaviour: "front-door",
    channels: {
      lock: { label: "Lock", value: { kind: "lock" }, access: "rw" },
      contact: { label: "Contact", value: { kind: "contact" } },
      doorbell: { label: "Doorbell", value: { kind: "event" } },
      chime: { label: "Chime", value: { kind: "button" }, access: "w" },
      battery: { label: "Battery", value: percent },
    },
  },
  "door-camera": {
    label: "Door camera",
    room: "Outside",
    class: "sensor",
    main: "motion",
    behaviour: "camera",
    channels: {
      motion: { label: "Motion", value: { kind: "switch", words: "detected/clear" } },
      snapshot: { label: "Snapshot", value: { kind: "image" } },
      shoot: { label: "Take a picture", value: { kind: "button" }, access: "w" },
    },
  },
  weather: {
    label: "Weather",
    room: "Outside",
    class: "sensor",
    main: "temperature",
    behaviour: "weather",
    channels: {
      temperature: { label: "Temperature", value: celsius },
      sky: { label: "Sky", value: { kind: "text" } },
      humidity: { label: "Humidity", value: percent },
      wind: { label: "Wind", value: { kind: "number", unit: "km/h" } },
      pressure: { label: "Pressure", value: { kind: "number", unit: "hPa" } },
      rain: { label: "Rain", value: { kind: "switch", words: "wet/dry" } },
    },
  },
  car: {
    label: "Car",
    room: "Outside",
    class: "other",
    main: "battery",
    behaviour: "car",
    channels: {
      battery: { label: "Battery", value: percent },
      charging: { label: "Charging", value: { kind: "switch" }, access: "rw" },
      location: { label: "Location", value: { kind: "location" } },
    },
  },
};
