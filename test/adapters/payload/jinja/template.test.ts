import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileJinja } from "../../../../adapters/payload/jinja/template.js";
import { Payload } from "../../../../adapters/payload/payload.js";
import { GatewayError } from "../../../../src/core/errors.js";
import { corpus } from "./corpus.js";

function find(template: string, message: unknown): unknown {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return compileJinja(template)(new Payload(Buffer.from(text)));
}

function fault(template: string): string {
  try {
    compileJinja(template);
    return "none";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

test.each(corpus)("prints %s of %j as Jinja does", (template, message, printed) => {
  // With a second part it is a text, not the value itself.
  expect(find(`${template}{{ '' }}`, message)).toBe(printed);
});

describe("one single expression", () => {
  test.each([
    ["{{ value_json.temperature }}", { temperature: 21.5 }, 21.5],
    ["{{ value_json.temperature }}", {}, undefined],
    ["{{ value_json.temperature }}", { temperature: null }, null],
    ["{{ value_json.on }}", { on: true }, true],
    ["{{ value | float }}", "39.0", 39],
    ["{{ value }}", "on", "on"],
    ["{# the relay #}{{ value_json.list }}", { list: [1, { a: 2 }] }, [1, { a: 2 }]],
    ["{{ {'lat': value_json.a, 'lon': 2.0} }}", { a: 1 }, { lat: 1, lon: 2 }],
    ["{{ value_json.x | is_defined }}", {}, undefined],
    ["{{ 'ON' if value_json.x | is_defined else 'OFF' }}", {}, undefined],
    ["{% if value == 'a' %}None{% endif %}", "a", undefined],
    ["{{ (value_json | default({})).x | default(3) }}", "no JSON", 3],
    ["{{ value_json is defined }}", "no JSON", false],
  ])("%s of %j is the value %j", (template, message, value) => {
    expect(find(template, message)).toEqual(value);
  });
});

describe("what Home Assistant adds", () => {
  test.each([
    ["{{ value | regex_match('^a') }}", "abc", true],
    ["{{ value | regex_match('b') }}", "abc", false],
    ["{{ value | regex_search('B', ignorecase=True) }}", "abc", true],
    ["{{ value | regex_findall('[0-9]+') }}", "a1b22", ["1", "22"]],
    [
      "{{ value | regex_findall('([a-z])([0-9]+)') }}",
      "a1b22",
      [
        ["a", "1"],
        ["b", "22"],
      ],
    ],
    ["{{ value | regex_findall_index('([0-9]+)', 1) | int }}", "a1b22", 22],
    ["{{ value | regex_replace('([a-z])([0-9]+)', '\\\\2\\\\1') }}", "a1", "1a"],
    ["{{ value | regex_replace(find='a', replace='$1') }}", "bab", "b$1b"],
    ["{{ (value | from_json).a }}", '{"a": 5}', 5],
    ["{{ value_json | to_json }}", { a: [1, null] }, '{"a":[1,null]}'],
    ["{{ iif(value_json.on, 'an', 'aus') }}", { on: false }, "aus"],
    ["{{ (value_json.s == 1) | iif('an', 'aus') }}", { s: 1 }, "an"],
    ["{{ value | multiply(2) | add(1) }}", "20.5", 42],
    ["{{ value | int | bitwise_and(4) }}", "6", 4],
    ["{{ value_json.n | bitwise_or(1) > 0 }}", { n: 4 }, true],
    ["{{ float(value, 0) + int('2') }}", "x", 2],
    ["{{ value | round(1, 'floor') }}", "2.59", 2.5],
    ["{{ value | round(0, 'ceil') }}", "2.1", 3],
    ["{{ value | round(1, 'half') }}", "2.7", 2.5],
    ["{{ 2.5 | round }}", "x", 2],
    ["{{ 2.675 | round(2) }}", "x", 2.67],
    ["{{ 4.35 | round(1) }}", "x", 4.3],
    ["{{ 1250 | round(-2) }}", "x", 1200],
    ["{{ value | bool(false) }}", "on", true],
    ["{{ is_number(value) }}", "12.5", true],
    ["{{ max(value_json.a, 3) }}", { a: 5 }, 5],
    ["{{ [1, 2] | average }}", "x", 1.5],
  ])("%s of %j is %j", (template, message, value) => {
    expect(find(template, message)).toEqual(value);
  });

  test("a text that is no number has to have a default", () => {
    expect(() => find("{{ value | float }}", "warm")).toThrow(
      '"warm" is no number, and there is no default.',
    );
    expect(() => find("{{ value_json.a.b }}", {})).toThrow(
      'What "b" is asked of is undefined; "| default" or "is defined" would look first.',
    );
    expect(() => find("{{ value * 2.5 }}", "3")).toThrow('"3" is no number, as * wants');
    expect(() => find("{{ 1 / value_json.n }}", { n: 0 })).toThrow("A number is divided by zero.");
  });
});

describe("a template that is wrong", () => {
  test.each([
    ["{{ value_json.a", "is no Jinja template (Unexpected end of input); write for example"],
    ["{{ value | rond(1) }}", 'has the filter "rond" is not known here; did you mean "round"?'],
    ["{{ value is strng }}", 'has the test "strng" is not known here; did you mean "string"?'],
    ["{{ states('sensor.a') }}", 'has the function "states" is not known here'],
    ["{% macro f() %}{% endmacro %}", "uses Macro, which is not supported here"],
    [`{{ ${"(".repeat(1900)}1${")".repeat(1900)} }}`, "is nested more than 100 levels deep"],
    [`{{ 1${"+1".repeat(1900)} }}`, "is nested more than 100 levels deep"],
  ])("%s is refused before a message comes", (template, message) => {
    expect(fault(template)).toContain(message);
  });
});

describe("a hostile template", () => {
  test.each([
    "{{ ''.constructor }}",
    "{{ ''.__class__ }}",
    "{{ value_json.constructor }}",
    "{{ value_json['__proto__'] }}",
    "{{ [].constructor }}",
    "{{ value_json.toString }}",
    "{{ {}.hasOwnProperty }}",
    "{{ range.constructor }}",
    "{{ namespace(a=1).constructor }}",
    "{{ value.length }}",
    "{{ 1.0.constructor }}",
  ])("%s finds nothing of ours", (template) => {
    let found: unknown;
    try {
      found = find(template, {});
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    expect(found).toBeUndefined();
  });

  test.each([
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ value_json.constructor() }}",
    "{{ ''.toString() }}",
    "{{ [].push(1) }}",
    "{{ range(100000000) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ [0] * 1000000000 }}",
    "{{ 'a'.zfill(1000000000) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ ('a' * 60000).replace('a', 'b' * 60000) }}",
    "{{ ('a' * 60000) | regex_replace('a', 'b' * 6000) }}",
    "{{ ('a' * 200).join(range(1000)) }}",
    "{{ 10 ** 400 }}",
    "{% for i in range(999) %}{% for j in range(999) %}{% for k in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% set n = namespace(x=[1]) %}{% for i in range(999) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(999) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(999) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% for i in range(999) %}{{ 'a' | regex_search('b{500}' ~ i) }}{% endfor %}",
  ])("%s is stopped", (template) => {
    expect(() => find(template, {})).toThrow(GatewayError);
  });

  test("that goes over its steps three times is disabled", () => {
    const template = "{% for i in range(999) %}{% for j in range(999) %}{{ j }}{% endfor %}{% endfor %}";
    expect(() => find(template, {})).toThrow("The template needs more than 20000 steps.");
    expect(() => find(template, {})).toThrow("The template needs more than 20000 steps.");
    expect(() => find(template, {})).toThrow("is disabled until the next start");
    expect(find(template, {})).toBeUndefined();
  });
});

test("whatever is in a template, a value comes out, or a refusal", () => {
  const atom = fc.constantFrom(
    "value",
    "value_json",
    "value_json.a",
    "1",
    "2.5",
    "-3",
    "'x'",
    "''",
    "None",
    "true",
    "[1, 'a']",
    "{'a': 1}",
    "range(9)",
    "nope",
  );
  const filter = fc.constantFrom(
    ..."int float round abs default lower title trim length first last join sort unique min max sum list string tojson from_json reverse average is_defined bool items truncate".split(
      " ",
    ),
  );
  const operator = fc.constantFrom("+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and", "or");
  const expression = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      atom,
      fc.tuple(tie("node"), operator, tie("node")).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc.tuple(tie("node"), filter).map(([a, name]) => `(${a} | ${name})`),
      fc.tuple(tie("node"), tie("node")).map(([a, b]) => `${a}[${b}]`),
      fc.tuple(tie("node"), tie("node"), tie("node")).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
    ),
  })).node;
  const message = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(expression, message, fc.boolean(), (written, text, isAlone) => {
      const template = `{{ ${written} }}${isAlone ? "" : "{% for i in value_json %}{{ i }}{% endfor %}"}`;
      // The parser does not read every combination.
      fc.pre(fault(template) === "none");
      try {
        find(template, text);
      } catch (error) {
        expect(error, template).toBeInstanceOf(GatewayError);
        expect(error).toMatchObject({ code: "value-invalid" });
      }
    }),
    { numRuns: 500 },
  );
});

test("a step that is no whole number, as a message may have it, cuts nothing", () => {
  expect(() => find("{{ value_json.list[::value_json.step] }}", { list: [1, 2], step: 1e-9 })).toThrow(
    "is no place to cut.",
  );
});
