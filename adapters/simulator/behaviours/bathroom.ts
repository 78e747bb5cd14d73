import { type Behaviour, hour, minute, second } from "../behaviour.js";
import { limited, rounded, wandering } from "../climate.js";

/** People come and go, showers steam, and every few hours some water lands on the floor. */
export const bathroom: Behaviour = (stage) => {
  let motion = false;
  let leak = false;
  let steam = 0;
  const damp = wandering(stage, 3);
  const warmth = wandering(stage, 0.5);
  let humidity = 58;
  let temperature = 22;

  function measure(): void {
    steam *= 0.9;
    humidity = limited(58 + damp() + steam, 35, 98);
    temperature = 22 + warmth() + steam / 15;
  }

  measure();
  stage.every(minute, () => {
    measure();
    stage.report();
  });
  stage.sometimes(3 * minute, 12 * minute, () => {
    motion = true;
    if (stage.between(0, 1) < 0.2) steam = 30;
    stage.report();
    stage.after(stage.between(30 * second, 90 * second), () => {
      motion = false;
      stage.report();
    });
  });
  stage.sometimes(4 * hour, 9 * hour, () => {
    leak = true;
    stage.report();
    stage.after(2 * minute, () => {
      leak = false;
      stage.report();
    });
  });

  return {
    readings: () => ({ motion, leak, humidity: rounded(humidity, 0), temperature: rounded(temperature, 1) }),
  };
};
