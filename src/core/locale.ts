/** How the people of a house read and write numbers and times. */
export interface Locale {
  /** `metric`: every channel in its own unit. `imperial`: metric units as the customary ones of the United States. */
  readonly units: "metric" | "imperial";
  /** The decimal sign that is written; both are read. */
  readonly decimal: "." | ",";
  /** A name of the IANA database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** That of machines: what they read has each channel's own unit, a decimal point and UTC. */
export const machineLocale: Locale = { units: "metric", decimal: ".", timeZone: "UTC" };

/** `language` is a BCP 47 tag, `timezone` a name of the IANA database. */
export function localeOf(home: {
  readonly language: string;
  readonly timezone: string;
  readonly units: Locale["units"];
}): Locale {
  const parts = new Intl.NumberFormat(home.language, { numberingSystem: "latn" }).formatToParts(0.5);
  const sign = parts.find(({ type }) => type === "decimal")?.value;
  return { units: home.units, decimal: sign === "," ? "," : ".", timeZone: home.timezone };
}
