import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runTool, tied } from "../../src/embedded/child.js";

const execute = promisify(execFile);

test("a tied program is run with its own parameters, as they are", async () => {
  expect(await runTool("printf", ["%s|", "a b", "$HOME", "'\"", ""])).toBe("a b|$HOME|'\"||");
});

test("a tied program does not begin when the process it is tied to was gone before it asked to be told", async () => {
  const { command, parameters } = tied("echo", ["left behind"]);
  // Between the two stands a shell, so that it is not our child.
  const outcome = await execute("/bin/sh", ["-c", '"$@"; echo "exit code $?"', "sh", command, ...parameters]);
  expect(outcome.stdout).toBe("exit code 1\n");
});
