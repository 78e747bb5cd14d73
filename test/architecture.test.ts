import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { brokenRules, readSources } from "./support/import-rules.js";

const root = fileURLToPath(new URL("..", import.meta.url));

test("imports go one way, and in no circle", () => {
  const sources = new Map(readSources(root, ["src", "adapters", "bench", "test"]));
  // Its examples look like imports.
  sources.delete("test/architecture.test.ts");
  expect(sources.size).toBeGreaterThan(50);
  expect(brokenRules(sources)).toEqual([]);
});

test.each([
  [
    { "src/core/a.ts": 'import type { B } from "../xmpp/b.js";', "src/xmpp/b.ts": "" },
    "src/core/a.ts imports src/xmpp/b.ts: core may import nothing but itself.",
  ],
  [{ "src/core/a.ts": 'import { z } from "zod";' }, "src/core/a.ts imports the library zod: core uses none."],
  [
    { "src/http/a.ts": 'export {\n  b,\n} from "../../adapters/mqtt/b.js";', "adapters/mqtt/b.ts": "" },
    "src/http/a.ts imports adapters/mqtt/b.ts: http may import only core.",
  ],
  [
    { "adapters/mqtt/a.ts": 'const b = import("../simulator/b.js");', "adapters/simulator/b.ts": "" },
    "adapters/mqtt/a.ts imports adapters/simulator/b.ts: adapters/mqtt may import only core, schema, adapters/payload.",
  ],
  [
    { "src/compose.ts": 'import "./cli/start.js";', "src/cli/start.ts": "" },
    "src/compose.ts imports src/cli/start.ts: compose may import only core, config, xmpp, http, control, storage, embedded, adapters, package, words of cli.",
  ],
  [
    { "src/xmpp/a.ts": 'import { component } from "@xmpp/component";' },
    "src/xmpp/a.ts imports @xmpp/component: only src/xmpp/stream.ts may.",
  ],
  [
    { "src/core/a.ts": 'import { b } from "./b";', "src/core/b.ts": "" },
    'src/core/a.ts imports "./b": a relative import ends in .js.',
  ],
  [
    { "src/core/a.ts": 'import { b } from "./b.js";' },
    'src/core/a.ts imports "./b.js", but there is no src/core/b.ts.',
  ],
  [
    {
      "src/core/a.ts": 'import type { B } from "./b.js";',
      "src/core/b.ts": 'import { c } from "./c.js";',
      "src/core/c.ts": 'export * from "./a.js";',
    },
    "A circle of imports: src/core/a.ts > src/core/b.ts > src/core/c.ts > src/core/a.ts.",
  ],
])("finds what is wrong in %j", (files, sentence) => {
  expect(brokenRules(new Map(Object.entries(files)))).toEqual([sentence]);
});

test("finds nothing in imports that go the right way", () => {
  const files = {
    "src/core/a.ts": 'import { join } from "node:path";\n// import { x } from "../xmpp/x.js"',
    "src/xmpp/b.ts": 'import { a } from "../core/a.js";',
    "adapters/mqtt/c.ts": 'import { a } from "../../src/core/a.js";',
    "adapters/index.ts": 'const c = () => import("./mqtt/c.js");',
    "src/compose.ts": 'import { b } from "./xmpp/b.js";\nimport { kinds } from "../adapters/index.js";',
    "test/xmpp/b.test.ts": 'import { b } from "../../src/xmpp/b.js";',
  };
  expect(brokenRules(new Map(Object.entries(files)))).toEqual([]);
});
