import { type Behaviour, minute } from "../behaviour.js";
import { averageOutside, limited, rounded, wandering } from "../climate.js";

/** The sky over the house. */
export const weather: Behaviour = (stage) => {
  const warmth = wandering(stage, 1.5);
  const wind = wandering(stage, 8);
  const air = wandering(stage, 9);
  const clouds = wandering(stage, 1);
  let now = measure();

  function measure() {
    const cover = clouds();
    const rain = cover > 1;
    return {
      temperature: rounded(averageOutside(new Date()) + warmth() - (rain ? 1.5 : 0), 1),
      humidity: rounded(limited(72 + cover * 9, 30, 99), 0),
      wind: rounded(limited(11 + wind(), 0, 90), 0),
      pressure: rounded(1014 + air(), 0),
      rain,
      sky: rain ? "Rain" : cover > 0.3 ? "Overcast" : cover > -0.4 ? "Partly cloudy" : "Clear",
    };
  }

  stage.every(minute, () => {
    now = measure();
    stage.report();
  });

  return { readings: () => now };
};
