import type { Stage } from "./behaviour.js";
import { hour } from "./behaviour.js";

const day = 24 * hour;
const year = 365.25 * day;

/** Degrees Celsius outside on an average day: coldest in January and at five in the morning, where the clock is. */
export function averageOutside(at: Date): number {
  const newYear = new Date(at.getFullYear(), 0, 1).getTime();
  const season = Math.cos(((at.getTime() - newYear - 20 * day) / year) * 2 * Math.PI);
  const time = Math.cos(((at.getHours() + at.getMinutes() / 60 - 17) / 24) * 2 * Math.PI);
  return 10.5 - 9 * season + 4 * time;
}

/** A value that strays from zero by about `spread`, and is drawn back to it; each call is one step. */
export function wandering(stage: Stage, spread: number): () => number {
  const pull = 0.03;
  let value = stage.between(-spread, spread);
  return () => {
    const push = stage.between(-1, 1) + stage.between(-1, 1) + stage.between(-1, 1);
    value = value * (1 - pull) + push * spread * Math.sqrt(2 * pull);
    return value;
  };
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

export function limited(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
