import { parse, tokenize } from "@huggingface/jinja";
import { messageOf } from "../../../src/core/errors.js";
import { notKnown } from "../../../src/schema.js";
import { filters } from "./filters.js";
import { functions } from "./functions.js";
import { tests } from "./tests.js";

type Token = ReturnType<typeof tokenize>[number];

/** A node of the parser's tree. Its own types are not exported. */
export type Node =
  | { readonly type: "StringLiteral"; readonly value: string }
  | { readonly type: "IntegerLiteral" | "FloatLiteral"; readonly value: number }
  | { readonly type: "Identifier"; readonly value: string }
  | { readonly type: "ArrayLiteral" | "TupleLiteral"; readonly value: readonly Node[] }
  | { readonly type: "ObjectLiteral"; readonly value: ReadonlyMap<Node, Node> }
  | {
      readonly type: "MemberExpression";
      readonly object: Node;
      readonly property: Node;
      readonly computed: boolean;
    }
  | { readonly type: "SliceExpression"; readonly start?: Node; readonly stop?: Node; readonly step?: Node }
  | { readonly type: "CallExpression"; readonly callee: Node; readonly args: readonly Node[] }
  | {
      readonly type: "KeywordArgumentExpression";
      readonly key: { readonly value: string };
      readonly value: Node;
    }
  | {
      readonly type: "BinaryExpression";
      readonly operator: { readonly value: string };
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly type: "UnaryExpression";
      readonly operator: { readonly value: string };
      readonly argument: Node;
    }
  | { readonly type: "FilterExpression"; readonly operand: Node; readonly filter: Node }
  | {
      readonly type: "TestExpression";
      readonly operand: Node;
      readonly negate: boolean;
      readonly test: { readonly value: string };
    }
  | { readonly type: "SelectExpression"; readonly lhs: Node; readonly test: Node }
  | { readonly type: "Ternary"; readonly condition: Node; readonly trueExpr: Node; readonly falseExpr: Node }
  | {
      readonly type: "If";
      readonly test: Node;
      readonly body: readonly Node[];
      readonly alternate: readonly Node[];
    }
  | {
      readonly type: "For";
      readonly loopvar: Node;
      readonly iterable: Node;
      readonly body: readonly Node[];
      readonly defaultBlock: readonly Node[];
    }
  | {
      readonly type: "Set";
      readonly assignee: Node;
      readonly value: Node | null;
      readonly body: readonly Node[];
    }
  | { readonly type: "Break" | "Continue" | "Comment" };

/** What a filter is called that stands for a test with arguments. */
export const testPrefix = "is ";
export const negatedPrefix = "is not ";

const deepest = 100;
const nodeTypes: ReadonlySet<string> = new Set<Node["type"]>([
  "StringLiteral",
  "IntegerLiteral",
  "FloatLiteral",
  "Identifier",
  "ArrayLiteral",
  "TupleLiteral",
  "ObjectLiteral",
  "MemberExpression",
  "SliceExpression",
  "CallExpression",
  "KeywordArgumentExpression",
  "BinaryExpression",
  "UnaryExpression",
  "FilterExpression",
  "TestExpression",
  "SelectExpression",
  "Ternary",
  "If",
  "For",
  "Set",
  "Break",
  "Continue",
  "Comment",
]);
const ownFunctions = ["dict", "namespace"];

/** The statements of a template. Throws the end of a sentence that says what is wrong with it. */
export function parseTemplate(source: string): readonly Node[] {
  let body: readonly Node[];
  try {
    body = (parse(withTestArguments(tokenize(source))) as unknown as { body: readonly Node[] }).body;
  } catch (error) {
    throw new Error(
      error instanceof RangeError
        ? `is nested more than ${deepest} levels deep`
        : `is no Jinja template (${messageOf(error).replace("Parser Error: ", "").replace(/\.$/, "")}); write for example "{{ value_json.temperature }}"`,
    );
  }
  check(body, 0);
  return body.filter(({ type }) => type !== "Comment");
}

/** The parser knows tests without arguments only; `x is divisibleby(3)` becomes a filter, which binds as a test does. */
function withTestArguments(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const isNegated = tokens[at + 1]?.value === "not";
    const name = tokens[at + (isNegated ? 2 : 1)];
    const next = at + (isNegated ? 3 : 2);
    const isTest = token.type === "Identifier" && token.value === "is" && name?.type === "Identifier";
    if (!isTest || (tests.get(name.value)?.parameters.length ?? 1) < 2) {
      out.push(token);
      continue;
    }
    const like = (type: Token["type"], value: string): Token => ({ type, value });
    out.push(like("Pipe", "|"), like("Identifier", `${isNegated ? negatedPrefix : testPrefix}${name.value}`));
    at = next - 1;
    if (tokens[next]?.type === "OpenParen") continue;
    const end = endOfPrimary(tokens, next);
    out.push(like("OpenParen", "("), ...tokens.slice(next, end), like("CloseParen", ")"));
    at = end - 1;
  }
  return out;
}

/** Where a literal, a name or a list ends that begins at `start`. */
function endOfPrimary(tokens: readonly Token[], start: number): number {
  if (tokens[start]?.type !== "OpenSquareBracket") return start + 1;
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    if (tokens[at]?.type === "OpenSquareBracket") depth += 1;
    if (tokens[at]?.type === "CloseSquareBracket") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** Names are looked up before a message comes: a misspelt filter is a mistake of the configuration. */
function check(part: unknown, depth: number): void {
  if (depth > deepest * 2) throw new Error(`is nested more than ${deepest} levels deep`);
  if (typeof part !== "object" || part === null) return;
  if (isNode(part)) checkNames(part);
  else if ("type" in part && unsupported.has(String(part.type)))
    throw new Error(`uses ${part.type}, which is not supported here`);
  for (const inner of part instanceof Map ? [...part].flat() : Object.values(part)) check(inner, depth + 1);
}

const unsupported: ReadonlySet<string> = new Set([
  "Macro",
  "CallStatement",
  "FilterStatement",
  "SpreadExpression",
  "KeywordSpreadExpression",
]);

function isNode(part: object): part is Node {
  return "type" in part && nodeTypes.has(String(part.type));
}

function checkNames(node: Node): void {
  if (node.type === "FilterExpression") {
    const { filter } = node;
    const name = nameOf(filter.type === "CallExpression" ? filter.callee : filter);
    if (!name.startsWith(testPrefix)) expectKnown("filter", name, filters.keys());
  }
  if (node.type === "TestExpression") expectKnown("test", node.test.value, tests.keys());
  if (node.type === "CallExpression" && node.callee.type === "Identifier") {
    const name = node.callee.value;
    if (!filters.has(name) && !name.startsWith(testPrefix))
      expectKnown("function", name, [...functions.keys(), ...ownFunctions]);
  }
}

export function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.value : "";
}

function expectKnown(noun: string, name: string, known: Iterable<string>): void {
  const names = [...known];
  if (!names.includes(name)) throw new Error(`has the ${noun} ${notKnown(name, names)}`);
}
