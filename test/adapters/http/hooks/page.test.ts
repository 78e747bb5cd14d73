import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { packageRoot } from "../../../../src/package.js";
import { aCalledHouse, secret } from "./a-called-house.js";

const execute = promisify(execFile);

/** The example of the page that has this in it, as it stands there. */
async function exampleWith(words: string): Promise<string> {
  const page = await readFile(join(packageRoot, "docs/adapters/webhooks.md"), "utf8");
  const [example] = [...page.matchAll(/^```\w+\n(.*?)^```$/gms)].flatMap(([, text = ""]) =>
    text.includes(words) ? [text] : [],
  );
  if (example === undefined) throw new Error(`the page has no example with ${words}`);
  return example;
}

test.each([
  ["bash", "hexkey"],
  ["python3", "hmac.digest"],
])("the page's %s example signs a call that is taken", async (program, words) => {
  // By a clock that is behind the signer's, the call is not of the second in which the house started.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 2_000 });
  onTestFinished(() => void vi.useRealTimers());
  const { url } = await aCalledHouse();

  const env = { ...process.env, SECRET: secret, URL: `${url}/hooks/gate` };
  const { stdout } = await execute(program, ["-c", await exampleWith(words)], { env });

  expect(JSON.parse(stdout)).toEqual({ event: expect.stringMatching(/^9-\d+$/) });
});
