import { expect, test } from "vitest";
import { jsonPathFault } from "../../../adapters/payload/json-path-fault.js";

test.each(["$", "$.ENERGY.Power", "$['a b'].c[0]", "$.größe"])("finds nothing wrong with %s", (path) => {
  expect(jsonPathFault(path)).toBeUndefined();
});

const example = 'write for example "$.temperature" or "$.list[0].name"';

test.each([
  ["temp", `it does not begin with "$"; write "$.temp"`],
  ["ENERGY.Total-Power", `it does not begin with "$"; write "$.ENERGY['Total-Power']"`],
  [" $.a", `it does not begin with "$"; write "$.a"`],
  ["[0].a", `it does not begin with "$"; write "$[0].a"`],
  ["", `it does not begin with "$"; ${example}`],
  ["$a", `"a" does not fit at its character 2; write "$.a"`],
  ["$.total power", `"p" does not fit at its character 9; write "$['total power']"`],
  ["$.list.[0]", `"[" does not fit at its character 8; write "$.list[0]"`],
  ["$.a[x]", `"x" does not fit at its character 5; write "$.a['x']"`],
  ["$.a.", `it ends too early; ${example}`],
  ["$[?@.a=1]", `"=" does not fit at its character 7; ${example}`],
])("says of %j what is wrong and what would be right", (path, sentence) => {
  expect(jsonPathFault(path)).toBe(`is no JSONPath: ${sentence}`);
});
