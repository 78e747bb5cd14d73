import { Element } from "ltx";

export { Element };

type Attributes = Readonly<Record<string, string | number | undefined>>;
type Child = Element | string | undefined;

/** An XML element. Absent attributes and children are left out. */
export function el(name: string, attributes: Attributes, ...children: readonly Child[]): Element {
  const element = new Element(name);
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) element.attrs[key] = String(value);
  }
  for (const child of children) {
    if (child !== undefined) element.cnode(child);
  }
  return element;
}

/** The child elements, without text. */
export function elementsOf(parent: Element): Element[] {
  return parent.children.filter((child): child is Element => typeof child !== "string");
}
