import { GatewayError } from "../../../src/core/errors.js";
import { type Behaviour, minute, reaction, second } from "../behaviour.js";
import { limited, rounded } from "../climate.js";

const home = { lat: 52.51627, lon: 13.37771 };
/** A round trip, in steps of a quarter of a minute. */
const tripSteps = 60;
const radius = 0.02;

/** Stands at home and charges; now and then it drives once around the quarter. */
export const car: Behaviour = (stage) => {
  let battery = 71;
  let charging = true;
  let tripStep: number | undefined;

  function location() {
    const angle = ((tripStep ?? 0) / tripSteps) * 2 * Math.PI;
    return {
      lat: rounded(home.lat + radius * Math.sin(angle), 5),
      lon: rounded(home.lon + 1.6 * radius * (1 - Math.cos(angle)), 5),
      accuracy: 8,
    };
  }

  function drive(step: number): void {
    tripStep = step < tripSteps ? step : undefined;
    battery = limited(battery - 0.2, 5, 100);
    stage.report();
    if (tripStep !== undefined) stage.after(15 * second, () => drive(step + 1));
  }

  stage.sometimes(25 * minute, 90 * minute, () => {
    if (tripStep !== undefined) return;
    charging = false;
    drive(1);
  });
  stage.every(5 * minute, () => {
    if (!charging) return;
    battery = limited(battery + 1, 5, 90);
    charging = battery < 90;
    stage.report();
  });

  return {
    readings: () => ({ location: location(), battery: rounded(battery, 0), charging }),
    command: (_channel, value) => {
      if (value === true && tripStep !== undefined) {
        throw new GatewayError("adapter-failed", "The car is on its way and not plugged in.");
      }
      stage.after(reaction, () => {
        charging = value === true;
        stage.report();
      });
    },
  };
};
