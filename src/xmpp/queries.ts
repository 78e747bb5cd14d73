import { utcOffset } from "../core/timestamp.js";
import type { IqHandlers } from "./address.js";
import { NS } from "./namespaces.js";
import { el } from "./xml.js";

/** The small questions that every address answers: ping (XEP-0199), software version (XEP-0092), time (XEP-0202). */
export function queryHandlers(parts: { readonly version: string; readonly timeZone: string }): IqHandlers {
  return {
    [`get ${NS.ping} ping`]: () => undefined,
    [`get ${NS.version} query`]: () =>
      el("query", { xmlns: NS.version }, el("name", {}, "Homeroster"), el("version", {}, parts.version)),
    [`get ${NS.time} time`]: () => {
      const now = new Date();
      return el(
        "time",
        { xmlns: NS.time },
        el("tzo", {}, utcOffset(parts.timeZone, now.getTime())),
        el("utc", {}, now.toISOString().replace(/\.\d+Z$/, "Z")),
      );
    },
  };
}
