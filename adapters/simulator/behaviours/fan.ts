import type { Behaviour } from "../behaviour.js";

/** A fan with a radio remote control: it obeys and says nothing. */
export const fan: Behaviour = () => ({
  readings: () => ({}),
  command: () => {},
});
