/** How a moment of the past is worded: in milliseconds since the epoch. */
export interface Moments {
  /** When it was: `22 Nov, 14:05` or `3 h ago`. */
  at(time: number): string;
  /** How long it has been so: `since 22 Nov, 14:05` or `for 3 h`. */
  since(time: number): string;
}

/** For what is shown a while, such as presence: a clock time, in the zone of the house. */
export function clockTimes(timeZone: string): Moments {
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  return {
    at: (time) => format.format(time),
    since: (time) => `since ${format.format(time)}`,
  };
}

/** For what is read at once, such as an answer. */
export function relativeTimes(now: number): Moments {
  return {
    at: (time) => `${duration(now - time)} ago`,
    since: (time) => `for ${duration(now - time)}`,
  };
}

/** A length of time in its largest fitting unit: `40 s`, `5 min`, `3 h`, `4 days`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
