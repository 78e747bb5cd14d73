import { query } from "jsonpath-rfc9535";
import parse, { type JsonPathQuery } from "jsonpath-rfc9535/parser";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import type { JsonValue } from "../../src/core/json.js";
import { alike } from "./alike.js";
import { limited, shortened } from "./work-limit.js";

/** The first value at a path of RFC 9535, or `undefined` where the document has none. */
type JsonPath = (document: JsonValue) => JsonValue | undefined;

type Step = string | number;

const longestSource = 4096;
// Without match() and search(): their patterns would run as backtracking expressions on whatever a device sends.
const functions: ReadonlySet<string> = new Set(["count", "length", "value"]);
/** Each `..` looks at all that is below each of what the one before it found. */
const mostDescents = 2;

/** Throws "config-invalid" with a sentence that says what would be right. Equal paths are one function. */
export const compileJsonPath = alike((source: string): JsonPath => {
  if (source.length > longestSource) throw invalid(`is longer than ${longestSource} characters`);
  const tree = parsed(source);
  const nodes = nodesIn(tree);
  const foreign = nodes.find(({ type, name }) => type === "FunctionExpr" && !functions.has(String(name)));
  if (foreign !== undefined) {
    throw invalid(`uses ${foreign.name}(); only ${[...functions].join(", ")} are supported here`);
  }
  if (nodes.filter(({ type }) => type === "JsonPathQuery").length > 1)
    throw invalid("searches the whole document for each of its members; begin the query in its filter at @");
  if (nodes.filter(({ type }) => type === "DescendantSegment").length > mostDescents)
    throw invalid(`has ".." more than ${mostDescents} times; name what is on the way`);
  const steps = plainSteps(tree);
  // The library parses a path anew at each query; nearly all paths are plain names, and this is twenty times as fast.
  if (steps !== undefined) return (document) => walk(document, steps);
  return limited(`The path ${shortened(source)}`, (document: JsonValue) => query(document, source)[0]);
});

function parsed(source: string): JsonPathQuery {
  try {
    return parse(source);
  } catch (error) {
    throw invalid(
      `is no JSONPath (${messageOf(error)}); write for example "$.temperature" or "$.list[0].name"`,
    );
  }
}

function invalid(sentence: string): GatewayError {
  return new GatewayError("config-invalid", sentence);
}

interface TreeNode {
  readonly type?: unknown;
  readonly name?: unknown;
}

function nodesIn(tree: object): readonly TreeNode[] {
  const below = Object.values(tree).filter((part) => typeof part === "object" && part !== null);
  return [tree, ...below.flatMap(nodesIn)];
}

/** The names and indexes of a path that is nothing but names and indexes. */
function plainSteps(tree: JsonPathQuery): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const segment of tree.segments) {
    if (segment.type !== "ChildSegment") return undefined;
    const { node } = segment;
    const selectors = node.type === "BracketedSelection" ? node.selectors : [node];
    const [selector] = selectors;
    if (selectors.length !== 1 || selector === undefined) return undefined;
    switch (selector.type) {
      case "MemberNameShorthand":
      case "NameSelector":
      case "IndexSelector":
        steps.push(selector.value);
        break;
      default:
        return undefined;
    }
  }
  return steps;
}

function walk(document: JsonValue, steps: readonly Step[]): JsonValue | undefined {
  let here: JsonValue | undefined = document;
  for (const step of steps) {
    if (typeof here !== "object" || here === null) return undefined;
    if (Array.isArray(here)) here = typeof step === "number" ? here.at(step) : undefined;
    else here = typeof step === "string" && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}
