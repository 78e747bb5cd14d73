import type { IqHandlers } from "./address.js";
import { NS } from "./namespaces.js";
import { el } from "./xml.js";

/** The small questions that every address answers: ping (XEP-0199), software version (XEP-0092), time (XEP-0202). */
export function queryHandlers(parts: { readonly version: string; readonly timezone: string }): IqHandlers {
  return {
    [`get ${NS.ping} ping`]: () => undefined,
    [`get ${NS.version} query`]: () =>
      el("query", { xmlns: NS.version }, el("name", {}, "Homeroster"), el("version", {}, parts.version)),
    [`get ${NS.time} time`]: () => {
      const now = new Date();
      return el(
        "time",
        { xmlns: NS.time },
        el("tzo", {}, offsetOf(parts.timezone, now)),
        el("utc", {}, now.toISOString().replace(/\.\d+Z$/, "Z")),
      );
    },
  };
}

/** The offset of a time zone from UTC, as in `+01:00`. */
function offsetOf(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  return name === "GMT" ? "+00:00" : name.slice(3);
}
