import { type Behaviour, minute, reaction, second } from "../behaviour.js";

/** Takes a picture when somebody moves, when asked, and every quarter of an hour. Only its size is told. */
export const camera: Behaviour = (stage) => {
  let motion = false;
  let size = 0;

  function shoot(): void {
    size = Math.round(stage.between(80_000, 240_000));
  }

  shoot();
  stage.every(15 * minute, () => {
    shoot();
    stage.report();
  });
  stage.sometimes(5 * minute, 20 * minute, () => {
    motion = true;
    shoot();
    stage.report();
    stage.after(20 * second, () => {
      motion = false;
      stage.report();
    });
  });

  return {
    readings: () => ({ snapshot: { contentType: "image/jpeg", size }, motion }),
    command: () => {
      stage.after(reaction, () => {
        shoot();
        stage.report();
      });
    },
  };
};
