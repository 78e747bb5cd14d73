const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A moment of RFC 3339, with its offset, in UTC: `2026-11-22T08:00:00Z`, milliseconds only where there are any. */
export function readTimestamp(text: string): string | undefined {
  const match = rfc3339.exec(text.trim());
  if (match === null) return undefined;
  const [, day = "", minute = "", second = "", fraction = "", offset = ""] = match;
  // RFC 3339 §5.7: a leap second is written 60; a Date has none.
  const wall = `${day}T${minute}:${second === "60" ? "59" : second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  // A Date takes 30 February for 2 March, and 24:00 for the next day.
  if (isoOf(Date.parse(`${wall}Z`)) !== `${wall}Z`) return undefined;
  const iso = isoOf(Date.parse(`${wall}${offset.toUpperCase()}`));
  return iso !== undefined && /^\d{4}-/.test(iso) ? iso.replace(".000Z", "Z") : undefined;
}

function isoOf(milliseconds: number): string | undefined {
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

const localTime = /^(\d{4}-\d\d-\d\d)(?:[Tt]| +)(\d\d?)(:\d\d)(:\d\d)?$/;

/** A time without an offset, as clocks in `timeZone` show it (`2026-11-22 09:00`), in UTC. */
export function readLocalTime(text: string, timeZone: string): string | undefined {
  const [, day, hour = "", minute, second = ":00"] = localTime.exec(text.trim()) ?? [];
  const wall = readTimestamp(`${day}T${hour.padStart(2, "0")}${minute}${second}Z`);
  if (wall === undefined) return undefined;
  const asUtc = Date.parse(wall);
  // Offsets are known for moments alone: a second look settles the hours around a change of the clocks.
  const near = asUtc - millisecondsOf(utcOffset(timeZone, asUtc));
  return isoOf(asUtc - millisecondsOf(utcOffset(timeZone, near)))?.replace(".000Z", "Z");
}

/** `2026-11-22 09:00`, as clocks in `timeZone` show it; UTC says so. */
export function printLocalTime(timestamp: string, timeZone: string): string {
  const time = Date.parse(timestamp);
  if (Number.isNaN(time)) return timestamp;
  const wall = isoOf(time + millisecondsOf(utcOffset(timeZone, time))) ?? timestamp;
  return `${wall.slice(0, 16).replace("T", " ")}${timeZone === "UTC" ? " UTC" : ""}`;
}

/** The offset of a zone from UTC at a moment, as in `+01:00`. */
export function utcOffset(timeZone: string, at: number): string {
  let format = offsets.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    offsets.set(timeZone, format);
  }
  const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  return name === "GMT" ? "+00:00" : name.slice(3);
}

/** Making one takes a hundred times as long as using it. */
const offsets = new Map<string, Intl.DateTimeFormat>();

function millisecondsOf(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  return (sign === "-" ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes));
}
