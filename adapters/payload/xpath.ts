import xpath from "xpath";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import type { JsonValue } from "../../src/core/json.js";
import { refuse } from "../../src/core/value-refusal.js";
import { alike } from "./alike.js";
import { limited, shortened } from "./work-limit.js";
import type { Xml, XmlNode } from "./xml.js";

interface Result {
  stringValue(): string;
  /** Of a set of nodes alone. */
  first?(): XmlNode | null | undefined;
  /** Of a number alone. */
  readonly num?: number;
  /** Of a boolean alone. */
  readonly b?: boolean;
}

interface Expression {
  evaluate(options: {
    readonly node: XmlNode;
    readonly namespaces: (prefix: string) => string;
    readonly functions: (name: string) => typeof numberOf | undefined;
  }): Result;
}

// Its own types leave this function out, which reads a path once for all documents.
const { parse } = xpath as unknown as { parse(source: string): Expression };

// The library's own makes 0 of nodes that are not there.
function numberOf(_: unknown, given: Result | undefined): number {
  const text = given?.stringValue().trim() ?? refuse("number() needs an argument here.");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : (given?.num ?? Number(given?.b ?? Number.NaN));
}

/** What a path finds in a document: text of the first node, or a number, a text, true or false. */
export type XPath = (document: Xml) => JsonValue | undefined;

/** Throws the end of a sentence that says what is wrong. Equal paths are one function. */
export const compileXPath = alike((source: string): XPath => {
  const expression = parsed(source);
  return limited(`The path ${shortened(source)}`, (document) => {
    try {
      return found(
        expression.evaluate({ node: document.search(), namespaces: (prefix) => prefix, functions }),
      );
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      return refuse(`The path ${shortened(source)} cannot be followed: ${messageOf(error)}.`);
    }
  });
});

function functions(name: string): typeof numberOf | undefined {
  return name === "number" ? numberOf : undefined;
}

function found(result: Result): JsonValue | undefined {
  if (result.first !== undefined) return result.first() ? result.stringValue().trim() : undefined;
  if (result.num !== undefined) return Number.isFinite(result.num) ? result.num : undefined;
  return result.b ?? result.stringValue();
}

function parsed(source: string): Expression {
  try {
    return parse(source);
  } catch (error) {
    const [why = ""] = messageOf(error).split("\n");
    throw new Error(`is no XPath (${why}); write for example "/status/power" or "number(//temp[@id='1'])"`);
  }
}
