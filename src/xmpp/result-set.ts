import { NS } from "./namespaces.js";
import { StanzaError } from "./stanza-error.js";
import { type Element, el } from "./xml.js";

const mostItems = 1_000;

/** The part of a list that a request with a result set asks for (XEP-0059); without one, the list up to 1,000 items. Throws a `StanzaError` for a place that is not in the list. */
export function page<Item>(
  all: readonly Item[],
  idOf: (item: Item) => string,
  request: Element,
): { items: readonly Item[]; set: Element | undefined } {
  const set = request.getChild("set", NS.resultSet);
  const after = set?.getChildText("after") ?? undefined;
  const asked = Number(set?.getChildText("max") ?? mostItems);
  const max = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, mostItems) : mostItems;
  const start = after === undefined || after === "" ? 0 : all.findIndex((item) => idOf(item) === after) + 1;
  // XEP-0059 §2.3: from the beginning again, the asker would go in circles.
  if (after !== undefined && after !== "" && start === 0) throw new StanzaError("cancel", "item-not-found");
  const items = all.slice(start, start + max);
  if (set === undefined && items.length === all.length) return { items, set: undefined };
  const [first, last] = [items[0], items.at(-1)];
  return {
    items,
    set: el(
      "set",
      { xmlns: NS.resultSet },
      first === undefined ? undefined : el("first", { index: start }, idOf(first)),
      last === undefined ? undefined : el("last", {}, idOf(last)),
      el("count", {}, String(all.length)),
    ),
  };
}
