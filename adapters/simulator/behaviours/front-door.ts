import type { LockState } from "../../../src/core/value.js";
import { type Behaviour, minute, reaction, second } from "../behaviour.js";

const boltTime = 1.5 * second;
const passingTime = 6 * second;

/** A motor lock on a door that people walk through now and then. Some of them ring first. */
export const frontDoor: Behaviour = (stage) => {
  let lock: LockState = "locked";
  let isOpen = false;
  let callOff: (() => void) | undefined;

  /** Moves the bolt; a newer wish takes the place of one under way. */
  function turn(end: "locked" | "unlocked", arrived: () => void = () => {}): void {
    callOff?.();
    callOff = stage.after(reaction, () => {
      lock = end === "locked" ? "locking" : "unlocking";
      stage.report();
      callOff = stage.after(boltTime, () => {
        callOff = undefined;
        lock = end === "locked" && isOpen ? "jammed" : end;
        stage.report();
        arrived();
      });
    });
  }

  function pass(passed: () => void = () => {}): void {
    isOpen = true;
    stage.report();
    stage.after(passingTime, () => {
      isOpen = false;
      stage.report();
      passed();
    });
  }

  stage.sometimes(12 * minute, 40 * minute, () => {
    if (stage.between(0, 1) < 0.4) stage.event("doorbell", { type: "ring" });
    if (lock !== "locked" || callOff !== undefined) return;
    turn("unlocked", () => pass(() => turn("locked")));
  });

  return {
    readings: () => ({ lock, contact: isOpen, battery: 76 }),
    command: (channel, value) => {
      if (channel === "chime") {
        stage.after(reaction, () => stage.event("doorbell", { type: "ring" }));
      } else if (value === "lock") {
        turn("locked");
      } else {
        turn("unlocked", value === "open" ? () => pass() : undefined);
      }
    },
  };
};
