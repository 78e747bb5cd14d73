import { DOMParser } from "@xmldom/xmldom";
import { messageOf } from "../../src/core/errors.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";
import { TooMuchWork } from "./work-limit.js";

const longestText = 64 * 1024;
const mostNodes = 2000;
const deepest = 32;
/** Times that a search may look at a node. */
const mostLooks = 50_000;

/** How often the nodes of a document may still be looked at. */
interface Patience {
  looks: number;
}

interface NodeFacts {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
}

/**
 * A node as the XPath library wants one, which counts how often it is looked at. A prefix is the name of its own namespace, and
 * names without one are in none: a path has the names that one sees in the document.
 */
export class XmlNode {
  readonly nodeName: string;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly parentNode: XmlNode | null;
  /** Of an attribute. */
  readonly ownerElement: XmlNode | null;
  readonly childNodes: XmlNode[] = [];
  readonly attributes: XmlNode[] & { item(index: number): XmlNode | undefined };
  readonly #patience: Patience;
  readonly #document: XmlNode;
  readonly #nodeType: number;
  readonly #nodeValue: string | null;
  readonly #order: number;
  #next: XmlNode | null = null;
  #previous: XmlNode | null = null;

  constructor(facts: NodeFacts, owner: XmlNode | undefined, patience: Patience, order: number) {
    const isAttribute = facts.nodeType === 2;
    const [prefix, name] = facts.nodeName.includes(":") ? facts.nodeName.split(":", 2) : [];
    this.nodeName = facts.nodeName;
    this.localName = name ?? facts.nodeName;
    this.namespaceURI = prefix ?? null;
    this.parentNode = isAttribute ? null : (owner ?? null);
    this.ownerElement = isAttribute ? (owner ?? null) : null;
    this.attributes = Object.assign([], { item: (index: number) => this.attributes[index] });
    this.#patience = patience;
    this.#document = owner === undefined ? this : owner.#document;
    this.#nodeType = facts.nodeType;
    this.#nodeValue = facts.nodeValue;
    this.#order = order;
    if (owner === undefined) return;
    if (isAttribute) {
      owner.attributes.push(this);
    } else {
      this.#previous = owner.childNodes.at(-1) ?? null;
      if (this.#previous !== null) this.#previous.#next = this;
      owner.childNodes.push(this);
    }
  }

  get nodeType(): number {
    this.#look(1);
    return this.#nodeType;
  }

  get nodeValue(): string | null {
    this.#look(1 + (this.#nodeValue?.length ?? 0) / 64);
    return this.#nodeValue;
  }

  get ownerDocument(): XmlNode | null {
    return this.#document === this ? null : this.#document;
  }

  get documentElement(): XmlNode | undefined {
    return this.childNodes.find((child) => child.#nodeType === 1);
  }

  get firstChild(): XmlNode | null {
    return this.childNodes[0] ?? null;
  }

  get lastChild(): XmlNode | null {
    return this.childNodes.at(-1) ?? null;
  }

  get nextSibling(): XmlNode | null {
    this.#look(1);
    return this.#next;
  }

  get previousSibling(): XmlNode | null {
    this.#look(1);
    return this.#previous;
  }

  /** DOM: 2 where the other precedes, 4 where it follows. */
  compareDocumentPosition(other: XmlNode): number {
    this.#look(1);
    return other.#order === this.#order ? 0 : other.#order < this.#order ? 2 : 4;
  }

  #look(looks: number): void {
    this.#patience.looks -= looks;
    if (this.#patience.looks < 0)
      throw new TooMuchWork(`The path looks at the nodes of the XML more than ${mostLooks} times.`);
  }
}

/** An XML document, for one search after the other. */
export class Xml {
  readonly #root: XmlNode;
  readonly #patience: Patience = { looks: mostLooks };

  /** Throws "value-invalid" for what is no XML, too long, too deep or has too many nodes. */
  constructor(text: string) {
    this.#root = treeOf(text, this.#patience);
  }

  /** The document's node, with all patience for a new search. */
  search(): XmlNode {
    this.#patience.looks = mostLooks;
    return this.#root;
  }
}

type Parsed = NodeFacts & {
  readonly attributes?: ArrayLike<NodeFacts> | null;
  readonly childNodes: ArrayLike<Parsed>;
};

function treeOf(text: string, patience: Patience): XmlNode {
  // A document type may define entities that grow without end, or that are files.
  if (/<!DOCTYPE/i.test(text)) return refuse("The XML has a DOCTYPE, which is not read.");
  if (text.length > longestText) return refuse(`The XML is longer than ${longestText} characters.`);
  if (text.split("<").length > 2 * mostNodes) return refuse(`The XML has more than ${mostNodes} nodes.`);
  const document = parsed(text);
  const root = new XmlNode({ nodeType: 9, nodeName: "#document", nodeValue: null }, undefined, patience, 0);
  let count = 0;
  const grow = (source: Parsed, owner: XmlNode, depth: number) => {
    if (depth > deepest) refuse(`The XML is nested more than ${deepest} levels deep.`);
    for (const child of Array.from(source.childNodes)) {
      count += 1;
      const node = new XmlNode(child, owner, patience, count);
      for (const attribute of Array.from(child.attributes ?? [])) {
        count += 1;
        new XmlNode(attribute, node, patience, count);
      }
      if (count > mostNodes) refuse(`The XML has more than ${mostNodes} nodes.`);
      grow(child, node, depth + 1);
    }
  };
  grow(document, root, 0);
  return root;
}

function parsed(text: string): Parsed {
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        if (level !== "warning") throw new Error(message);
      },
    });
    return parser.parseFromString(text.trim(), "text/xml") as unknown as Parsed;
  } catch (error) {
    const [why = ""] = messageOf(error).split("\n");
    return refuse(`${quoted(text)} is no XML (${why.slice(0, 100)}).`);
  }
}
