import { refuse } from "../../../src/core/value-refusal.js";
import { called, type Given } from "./arguments.js";
import { filters } from "./filters.js";
import { functions } from "./functions.js";
import { methodOf } from "./methods.js";
import { float } from "./numbers.js";
import { negated, operated } from "./operators.js";
import type { Run } from "./run.js";
import { sliced } from "./slice.js";
import { type Node, nameOf, negatedPrefix, testPrefix } from "./syntax.js";
import { tests } from "./tests.js";
import {
  isDict,
  isList,
  isTrue,
  itemsOf,
  keyOf,
  memberOf,
  Namespace,
  named,
  printed,
  type Value,
} from "./values.js";

/** The names that a part of a template sees; a loop's own vanish behind it. */
class Scope {
  readonly #own = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): Value {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value);
  }
}

class LoopEnd extends Error {
  readonly isBreak: boolean;

  constructor(isBreak: boolean) {
    super("A loop ends here.");
    this.isBreak = isBreak;
  }
}

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

/** What a template makes of its variables: the value itself where it is one single `{{ }}`, else its text. */
export function evaluate(body: readonly Node[], variables: ReadonlyMap<string, Value>, run: Run): Value {
  const scope = new Scope();
  for (const [name, value] of variables) scope.set(name, value);
  const evaluation = new Evaluation(run);
  const [only] = body;
  if (body.length === 1 && only !== undefined && isExpression(only)) return evaluation.value(only, scope);
  return evaluation.text(body, scope).trim();
}

function isExpression({ type }: Node): boolean {
  return !["If", "For", "Set", "Break", "Continue", "Comment"].includes(type);
}

class Evaluation {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  text(body: readonly Node[], scope: Scope): string {
    let text = "";
    for (const node of body) text = this.#run.text(text + this.#printed(node, scope));
    return text;
  }

  #printed(node: Node, scope: Scope): string {
    switch (node.type) {
      case "If":
        return this.text(isTrue(this.value(node.test, scope)) ? node.body : node.alternate, scope);
      case "For":
        return this.#loop(node, scope);
      case "Set":
        this.#assign(
          node.assignee,
          node.value === null ? this.text(node.body, new Scope(scope)) : this.value(node.value, scope),
          scope,
        );
        return "";
      case "Comment":
        return "";
      case "Break":
      case "Continue":
        throw new LoopEnd(node.type === "Break");
      default:
        return printed(this.value(node, scope), this.#run);
    }
  }

  #assign(target: Node, value: Value, scope: Scope): void {
    if (target.type === "Identifier") {
      scope.set(target.value, value);
      return;
    }
    if (target.type === "TupleLiteral") {
      const items = itemsOf(value, this.#run);
      if (items.length !== target.value.length)
        refuse(`${named(value)} has ${items.length} items for ${target.value.length} names.`);
      for (const [index, each] of target.value.entries()) this.#assign(each, items[index], scope);
      return;
    }
    const owner = target.type === "MemberExpression" ? this.value(target.object, scope) : undefined;
    if (target.type === "MemberExpression" && owner instanceof Namespace)
      owner.members.set(nameOf(target.property), value);
    else refuse("Only names, and members of a namespace, can be set.");
  }

  #loop(node: Node & { readonly type: "For" }, scope: Scope): string {
    const { iterable, loopvar } = node;
    const [source, condition] =
      iterable.type === "SelectExpression" ? [iterable.lhs, iterable.test] : [iterable];
    const all = itemsOf(this.value(source, scope), this.#run).map((item) => {
      const inner = new Scope(scope);
      this.#assign(loopvar, item, inner);
      return inner;
    });
    const passing =
      condition === undefined ? all : all.filter((inner) => isTrue(this.value(condition, inner)));
    if (passing.length === 0) return this.text(node.defaultBlock, scope);
    let text = "";
    for (const [index, inner] of passing.entries()) {
      inner.set("loop", loopMembers(index, passing.length));
      try {
        text = this.#run.text(text + this.text(node.body, inner));
      } catch (error) {
        if (!(error instanceof LoopEnd)) throw error;
        if (error.isBreak) break;
      }
    }
    return text;
  }

  value(node: Node, scope: Scope): Value {
    const run = this.#run;
    run.charge(1);
    switch (node.type) {
      case "StringLiteral":
      case "IntegerLiteral":
        return node.value;
      case "FloatLiteral":
        return float(node.value);
      case "Identifier":
        return scope.get(node.value) ?? constants.get(node.value);
      case "ArrayLiteral":
      case "TupleLiteral":
        return node.value.map((item) => this.value(item, scope));
      case "ObjectLiteral":
        return new Map(
          [...node.value].map(([key, member]) => [keyOf(this.value(key, scope)), this.value(member, scope)]),
        );
      case "MemberExpression":
        return this.#member(node, scope);
      case "CallExpression":
        return this.#call(node, scope);
      case "FilterExpression":
        return this.#filtered(node, scope);
      case "TestExpression": {
        const test = tests.get(node.test.value) ?? refuse(`There is no test ${node.test.value}.`);
        const given = { positional: [this.value(node.operand, scope)], named: new Map() };
        return isTrue(called(node.test.value, test, given, run)) !== node.negate;
      }
      case "BinaryExpression":
        return this.#binary(node, scope);
      case "UnaryExpression": {
        const value = this.value(node.argument, scope);
        return node.operator.value === "not" ? !isTrue(value) : negated(node.operator.value, value);
      }
      case "SelectExpression":
        return isTrue(this.value(node.test, scope)) ? this.value(node.lhs, scope) : undefined;
      case "Ternary":
        return this.value(isTrue(this.value(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope);
      default:
        return refuse(`${node.type} has no value.`);
    }
  }

  #binary(node: Node & { readonly type: "BinaryExpression" }, scope: Scope): Value {
    const { value: operator } = node.operator;
    const left = this.value(node.left, scope);
    if (operator === "and") return isTrue(left) ? this.value(node.right, scope) : left;
    if (operator === "or") return isTrue(left) ? left : this.value(node.right, scope);
    // `0 < x < 5` is `0 < x and x < 5`; the parser keeps no parentheses that would tell otherwise.
    if (comparisons.has(operator) && node.left.type === "BinaryExpression" && isComparison(node.left)) {
      if (!isTrue(left)) return left;
      return operated(operator, this.value(node.left.right, scope), this.value(node.right, scope), this.#run);
    }
    return operated(operator, left, this.value(node.right, scope), this.#run);
  }

  #member({ object, property, computed }: Node & { readonly type: "MemberExpression" }, scope: Scope): Value {
    const owner = this.value(object, scope);
    if (property.type === "SliceExpression") {
      const [start, stop, step] = [property.start, property.stop, property.step].map(
        (part) => part && this.value(part, scope),
      );
      return sliced(owner, start, stop, step, this.#run);
    }
    const key = computed || property.type !== "Identifier" ? this.value(property, scope) : property.value;
    if (owner === undefined)
      return refuse(
        `What ${named(key)} is asked of is undefined; "| default" or "is defined" would look first.`,
      );
    if (owner instanceof Namespace) return owner.members.get(String(key));
    if (isDict(owner)) return memberOf(owner, key);
    if (typeof key !== "number") return undefined;
    if (isList(owner)) return owner.at(key);
    return typeof owner === "string" ? owner.at(key) : undefined;
  }

  #call({ callee, args }: Node & { readonly type: "CallExpression" }, scope: Scope): Value {
    if (callee.type === "Identifier") {
      const { value: name } = callee;
      const given = this.#given([], args, scope);
      if (name === "dict") return new Map(given.named);
      if (name === "namespace") return new Namespace(new Map(given.named));
      const callable = functions.get(name) ?? refuse(`${name} is no function.`);
      return called(name, callable, given, this.#run);
    }
    if (callee.type !== "MemberExpression") return refuse("Only functions and methods can be called.");
    const owner = this.value(callee.object, scope);
    const name = nameOf(callee.property);
    const method =
      methodOf(owner, name) ?? refuse(`${named(owner)} has no method ${JSON.stringify(name)} here.`);
    return called(name, method, this.#given([], args, scope), this.#run);
  }

  #filtered({ operand, filter }: Node & { readonly type: "FilterExpression" }, scope: Scope): Value {
    const isCall = filter.type === "CallExpression";
    const name = nameOf(isCall ? filter.callee : filter);
    const given = this.#given([this.value(operand, scope)], isCall ? filter.args : [], scope);
    if (!name.startsWith(testPrefix)) {
      const callable = filters.get(name) ?? refuse(`There is no filter ${name}.`);
      return called(name, callable, given, this.#run);
    }
    const isNegated = name.startsWith(negatedPrefix);
    const test =
      tests.get(name.slice(isNegated ? negatedPrefix.length : testPrefix.length)) ??
      refuse(`There is no test ${name}.`);
    return isTrue(called(name, test, given, this.#run)) !== isNegated;
  }

  #given(first: readonly Value[], args: readonly Node[], scope: Scope): Given {
    const positional = [...first];
    const byName = new Map<string, Value>();
    for (const argument of args) {
      if (argument.type === "KeywordArgumentExpression")
        byName.set(argument.key.value, this.value(argument.value, scope));
      else positional.push(this.value(argument, scope));
    }
    return { positional, named: byName };
  }
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]);

function isComparison({ operator }: Node & { readonly type: "BinaryExpression" }): boolean {
  return comparisons.has(operator.value);
}

function loopMembers(index: number, length: number): Value {
  return new Map<string, Value>([
    ["index", index + 1],
    ["index0", index],
    ["revindex", length - index],
    ["revindex0", length - index - 1],
    ["first", index === 0],
    ["last", index === length - 1],
    ["length", length],
  ]);
}
