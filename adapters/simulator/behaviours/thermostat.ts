import { type Behaviour, reaction, second } from "../behaviour.js";
import { averageOutside, limited, rounded, wandering } from "../climate.js";

/** Degrees for each half minute. */
const warming = 0.06;
const leaking = 0.0015;
const hysteresis = 0.2;
const setback = 3;

/** A room that loses warmth to the outside, and a radiator that brings it back. */
export const thermostat: Behaviour = (stage) => {
  let mode = "heat";
  let target = 21;
  let temperature = stage.between(19.5, 21.5);
  let humidity = 47;
  let isHeating = false;
  const damp = wandering(stage, 4);

  function wanted(): number {
    const hours = new Date().getHours();
    const isNight = hours >= 22 || hours < 6;
    return mode === "auto" && isNight ? target - setback : target;
  }

  function decide(): void {
    const margin = isHeating ? hysteresis : -hysteresis;
    isHeating = mode !== "off" && temperature < wanted() + margin;
  }

  stage.every(30 * second, () => {
    temperature += (isHeating ? warming : 0) - leaking * (temperature - averageOutside(new Date()));
    humidity = limited(47 + damp(), 25, 70);
    decide();
    stage.report();
  });
  decide();

  return {
    readings: () => ({
      temperature: rounded(temperature, 1),
      humidity: rounded(humidity, 0),
      target,
      mode,
      heating: isHeating,
    }),
    command: (channel, value) => {
      stage.after(reaction, () => {
        if (channel === "target") target = Number(value);
        if (channel === "mode") mode = String(value);
        decide();
        stage.report();
      });
    },
  };
};
