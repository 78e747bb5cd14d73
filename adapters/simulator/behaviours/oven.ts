import { type Behaviour, reaction, second } from "../behaviour.js";
import { limited } from "../climate.js";

const room = 21;
const heating = 8;
const cooling = 3;

/** Heats up in some minutes, and cools down in more. */
export const oven: Behaviour = (stage) => {
  let power = false;
  let target = 180;
  let temperature = room;

  stage.every(10 * second, () => {
    const wanted = power ? target : room;
    if (temperature === wanted) return;
    temperature += limited(wanted - temperature, -cooling, heating);
    stage.report();
  });

  return {
    readings: () => ({ power, target, temperature }),
    command: (channel, value) => {
      stage.after(reaction, () => {
        if (channel === "power") power = value === true;
        if (channel === "target") target = Number(value);
        stage.report();
      });
    },
  };
};
