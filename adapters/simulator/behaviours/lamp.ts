import { type Behaviour, reaction } from "../behaviour.js";

/** Dark at first. */
export const lamp: Behaviour = (stage) => {
  const light = { power: false, brightness: 80 };
  return {
    readings: () => ({ ...light }),
    command: (channel, value) => {
      stage.after(reaction, () => {
        shine(light, channel, value);
        stage.report();
      });
    },
  };
};

/** Lit at first. */
export const colorLamp: Behaviour = (stage) => {
  const light = { power: true, brightness: 60, color: "#ffb46b" };
  return {
    readings: () => ({ ...light }),
    command: (channel, value) => {
      stage.after(reaction, () => {
        if (channel === "color") {
          light.color = String(value);
          shine(light, "power", true);
        } else {
          shine(light, channel, value);
        }
        stage.report();
      });
    },
  };
};

interface Light {
  power: boolean;
  brightness: number;
}

function shine(light: Light, channel: string, value: unknown): void {
  if (channel === "power") {
    light.power = value === true;
    // It was turned down to nothing; switched on, it would stay dark.
    if (light.power && light.brightness === 0) light.brightness = 100;
  } else {
    light.brightness = Number(value);
    light.power = light.brightness > 0;
  }
}
