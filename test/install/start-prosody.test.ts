import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";

test("what ends in Prosody's container is started again, and a stop of the container ends both", async () => {
  // A server that tells its process id and stays.
  const server = ["sh", "-c", "echo $$; exec sleep 600"];
  const script = spawn("config/prosody/start.sh", server, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void script.kill("SIGKILL"));
  const lines = createInterface({ input: script.stdout });
  const nextPid = async () => Number((await once(lines, "line"))[0]);

  const first = await nextPid();
  process.kill(first, "SIGKILL");
  const second = await nextPid();
  expect(second).not.toBe(first);

  const end = once(script, "exit");
  script.kill("SIGTERM");
  expect((await end)[0]).toBe(0);
  expect(() => process.kill(second, 0)).toThrow("ESRCH");
});
