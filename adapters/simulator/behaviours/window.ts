import { type Behaviour, hour, minute } from "../behaviour.js";
import { averageOutside, rounded } from "../climate.js";

/** Somebody airs the room now and then, and it gets cold. */
export const window: Behaviour = (stage) => {
  let contact = false;
  let temperature = stage.between(17.5, 19.5);
  let battery = 87;

  stage.every(minute, () => {
    const drawnTo = contact ? averageOutside(new Date()) : 18.5;
    temperature += (drawnTo - temperature) * (contact ? 0.08 : 0.03) + stage.between(-0.05, 0.05);
    stage.report();
  });
  stage.sometimes(8 * minute, 25 * minute, () => {
    contact = true;
    stage.report();
    stage.after(stage.between(2 * minute, 5 * minute), () => {
      contact = false;
      stage.report();
    });
  });
  stage.every(12 * hour, () => {
    battery = Math.max(5, battery - 1);
  });

  return { readings: () => ({ contact, temperature: rounded(temperature, 1), battery }) };
};
