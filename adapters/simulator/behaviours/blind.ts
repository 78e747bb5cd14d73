import { type Behaviour, reaction } from "../behaviour.js";

const step = 10;
const stepTime = 700;

/** Moves in steps and tells each position. */
export const blind: Behaviour = (stage) => {
  let position = 100;
  let target = 100;
  let calledOff: (() => void) | undefined;

  function move(): void {
    const way = target - position;
    position += Math.sign(way) * Math.min(step, Math.abs(way));
    stage.report();
    calledOff = position === target ? undefined : stage.after(stepTime, move);
  }

  return {
    readings: () => ({ position }),
    command: (_channel, value) => {
      calledOff?.();
      target = typeof value === "number" ? value : position;
      calledOff = stage.after(reaction, move);
    },
  };
};
