import { GatewayError } from "../../../src/core/errors.js";
import { type Behaviour, hour, minute, reaction, second } from "../behaviour.js";
import { rounded } from "../climate.js";

/** How long a program takes. */
const programs: Readonly<Record<string, number>> = {
  cotton: 110 * minute,
  eco: 180 * minute,
  wool: 45 * minute,
  quick: 30 * minute,
};
const tick = 30 * second;

/** In the middle of its work at first; later it is loaded again every few hours. */
export const washingMachine: Behaviour = (stage) => {
  let isOn = true;
  let program = "eco";
  let phase = "washing";
  let finish = wholeSecond(Date.now() + 40 * minute);
  let watts = 0;
  let energy = 214.6;

  const duration = (): number => programs[program] ?? hour;
  const isRunning = (): boolean => ["washing", "rinsing", "spinning"].includes(phase);

  function work(): void {
    const left = finish - Date.now();
    if (phase === "waiting" && left <= duration()) phase = "washing";
    if (isRunning()) phase = phaseAt(left);
    watts = isOn ? wattsIn(phase, left) : 0;
  }

  function wattsIn(current: string, left: number): number {
    if (current === "washing")
      return left > duration() * 0.75 ? stage.between(1900, 2100) : stage.between(90, 180);
    if (current === "rinsing") return stage.between(60, 120);
    if (current === "spinning") return stage.between(350, 480);
    return 1.4;
  }

  function begin(): void {
    finish = wholeSecond(Date.now() + duration());
    phase = "washing";
  }

  function refuseIfOff(): void {
    if (!isOn) throw new GatewayError("adapter-failed", "The washing machine is switched off.");
  }

  work();
  stage.every(tick, () => {
    energy += (watts * tick) / hour / 1000;
    work();
    stage.report();
  });
  stage.sometimes(3 * hour, 6 * hour, () => {
    if (!isOn || isRunning() || phase === "waiting") return;
    begin();
    work();
    stage.report();
  });

  return {
    readings: () => ({
      power: isOn,
      program,
      phase,
      finish: new Date(finish).toISOString(),
      consumption: rounded(watts, 0),
      energy: rounded(energy, 2),
    }),
    command: (channel, value) => {
      if (channel === "start" || channel === "finish") refuseIfOff();
      if (channel === "start" && isRunning()) {
        throw new GatewayError("adapter-failed", "The washing machine is at work already.");
      }
      const wanted = Date.parse(String(value));
      if (channel === "finish" && wanted <= Date.now()) {
        throw new GatewayError("adapter-failed", "The washing machine cannot have finished in the past.");
      }
      stage.after(reaction, () => {
        if (channel === "power" && isOn !== value) {
          isOn = value === true;
          phase = isOn ? "idle" : "off";
        }
        if (channel === "program") program = String(value);
        if (channel === "start") begin();
        if (channel === "finish") {
          finish = wanted;
          if (!isRunning()) phase = "waiting";
        }
        work();
        stage.report();
      });
    },
  };
};

function phaseAt(left: number): string {
  if (left <= 0) return "done";
  if (left <= 6 * minute) return "spinning";
  return left <= 18 * minute ? "rinsing" : "washing";
}

function wholeSecond(time: number): number {
  return Math.round(time / second) * second;
}
