import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filterFault, topicFault } from "../../../adapters/mqtt/topic-syntax.js";
import { Topics } from "../../../adapters/mqtt/topics.js";

/** MQTT 3.1.1 §4.7, as slowly and plainly as it can be said. */
function matches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [index, level] of wanted.entries()) {
    if (level === "#") return true;
    if (index >= levels.length || (level !== "+" && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}

/** "a/#" takes in "a": the parent level belongs to it. */
function matchesWithParent(filter: string, topic: string): boolean {
  return matches(filter, topic) || (filter.endsWith("/#") && matches(filter.slice(0, -2), topic));
}

const word = fc.constantFrom("a", "b", "", "$s");
const topic = fc.array(word, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(word, fc.constant("+")), { minLength: 0, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => (open || levels.length === 0 ? [...levels, "#"] : levels).join("/"));

function topicsOf(filters: readonly string[]): Topics<string> {
  const topics = new Topics<string>();
  for (const each of filters) topics.add(each, each);
  return topics;
}

describe("Topics", () => {
  test("finds exactly what a plain reading of the specification finds", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(filter, topic)), topic, (filters, published) => {
        const expected = filters.filter((each) => matchesWithParent(each, published));
        expect([...topicsOf(filters).match(published)].sort()).toEqual(expected.sort());
      }),
      { numRuns: 2000 },
    );
  });

  test("knows a wildcard as covering only what matches no topic that it does not", () => {
    fc.assert(
      fc.property(fc.array(filter), filter, fc.array(topic), (filters, inner, published) => {
        for (const outer of topicsOf(filters).covering(inner)) {
          for (const each of published) {
            if (matchesWithParent(inner, each)) expect(matchesWithParent(outer, each)).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("covers narrower wildcards by wider ones, never the other way round", () => {
    const topics = topicsOf(["a/#", "+/b", "a/+/c"]);
    expect(topics.covering("a/+/c")).toEqual(["a/#", "a/+/c"]);
    expect([...topics.covering("a/b")].sort()).toEqual(["+/b", "a/#"]);
    expect(topics.covering("#")).toEqual([]);
    expect(topics.covering("+/+")).toEqual([]);
  });

  test("keeps several targets of one topic", () => {
    const topics = new Topics<number>();
    topics.add("a/b", 1);
    topics.add("a/b", 2);
    topics.add("a/+", 3);
    expect(topics.match("a/b")).toEqual([1, 2, 3]);
    expect(topics.match("a/c")).toEqual([3]);
    expect(topics.match("b")).toEqual([]);
  });
});

describe("a filter", () => {
  test.each(["a", "a/b", "/", "+", "#", "a/+/b", "a/#", "+/#", "$SYS/#", "weather/outside 1"])(
    "may be %s",
    (filter) => {
      expect(filterFault(filter)).toBeUndefined();
    },
  );

  test.each([
    ["", "is empty"],
    ["a/b+", "wildcard inside a level"],
    ["a#", "wildcard inside a level"],
    ["a/#/b", '"#" before its end'],
    ["a\0b", "U+0000"],
    ["$share/g/a", "shared subscription"],
    ["é".repeat(33_000), "longer than 65535 bytes"],
  ])("may not be %j", (filter, fault) => {
    expect(filterFault(filter)).toContain(fault);
  });

  test("is no topic to publish on if it has a wildcard", () => {
    expect(topicFault("a/+/b")).toContain("commands need one plain topic");
    expect(topicFault("a/b")).toBeUndefined();
  });
});
