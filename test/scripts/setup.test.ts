import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);

/** A project whose compiler only says that it was there. */
async function aClone(): Promise<{ readonly root: string; setup(): Promise<string> }> {
  const root = await mkdtemp(join(tmpdir(), "homeroster-clone-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const compiler = `
    const at = process.argv[process.argv.indexOf("--outDir") + 1];
    require("node:fs").writeFileSync(at + "/main.js", "");
  `;
  const files = {
    "package.json": "{}",
    "package-lock.json": "{}",
    "tsconfig.json": "{}",
    "tsconfig.build.json": "{}",
    "src/main.ts": "export {};",
    "adapters/index.ts": "export {};",
    "node_modules/typescript/bin/tsc": compiler,
    "node_modules/.package-lock.json": "{}",
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  await mkdir(join(root, "scripts"));
  await copyFile("scripts/setup.js", join(root, "scripts/setup.mjs"));
  return {
    root,
    setup: async () => {
      const { stdout, stderr } = await run(process.execPath, [join(root, "scripts/setup.mjs")]);
      expect(stdout).toBe("");
      return stderr;
    },
  };
}

test("compiles what changed, and nothing twice", async () => {
  const { root, setup } = await aClone();
  expect(await setup()).toBe("Compiling ...\n");
  expect(await setup()).toBe("");
  await writeFile(join(root, "src/new.ts"), "export {};");
  expect(await setup()).toBe("Compiling ...\n");
  expect((await readdir(join(root, "dist"))).sort()).toEqual([".sources", "main.js"]);
});

test("what was killed in the middle of compiling leaves nothing for ever", async () => {
  const { root, setup } = await aClone();
  // No process has the first number; the second is at work.
  for (const pid of [99_999_999, process.pid]) {
    await mkdir(join(root, `.cache/build-${pid}`), { recursive: true });
  }
  await mkdir(join(root, ".cache/debian"));
  await setup();
  expect((await readdir(join(root, ".cache"))).sort()).toEqual([`build-${process.pid}`, "debian"]);
});

test("two at the same time do not disturb each other", async () => {
  const { root, setup } = await aClone();
  await Promise.all([setup(), setup()]);
  expect(await readFile(join(root, "dist/main.js"), "utf8")).toBe("");
  expect(await readdir(join(root, ".cache"))).toEqual([]);
});
