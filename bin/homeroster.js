#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/src/main.js", import.meta.url);
if (!existsSync(main)) await import("../scripts/setup.js");
process.argv[1] = fileURLToPath(main);
await import(main.href);
