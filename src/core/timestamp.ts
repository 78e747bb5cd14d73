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
