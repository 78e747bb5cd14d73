import { type Behaviour, minute, reaction } from "../behaviour.js";

const titles = [
  "Rain on the Roof",
  "Two Spoons",
  "The Long Way Home",
  "Kettle Song",
  "Grey Heron",
  "Last Tram",
];

/** Plays one title after the other. What it is told to announce it says aloud, and to nobody else. */
export const radio: Behaviour = (stage) => {
  let power = false;
  let volume = 25;
  let station = "Jazz Cellar";
  let title = "";

  function playNext(): void {
    title = power ? (titles[Math.floor(stage.between(0, titles.length))] ?? "") : "";
  }

  stage.sometimes(2 * minute, 5 * minute, () => {
    if (!power) return;
    playNext();
    stage.report();
  });

  return {
    readings: () => ({ power, volume, station, title }),
    command: (channel, value) => {
      if (channel === "announce") return;
      stage.after(reaction, () => {
        if (channel === "power") power = value === true;
        if (channel === "volume") volume = Number(value);
        if (channel === "station") station = String(value);
        if (channel !== "volume") playNext();
        stage.report();
      });
    },
  };
};
