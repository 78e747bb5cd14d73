import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { exitCode } from "../../src/cli/exit-code.js";
import { testProgram } from "../support/packages.js";

const run = promisify(execFile);
const unit = "config/systemd/homeroster.service";

test("systemd itself finds the service exposed by 2.0 at most", async () => {
  const { command, environment } = testProgram("systemd-analyze");
  // In tenths; above it the program fails.
  const { stdout } = await run(
    command,
    ["security", "--offline=true", "--no-pager", "--threshold=20", unit],
    {
      env: { ...process.env, ...environment },
    },
  );
  expect(stdout).toMatch(/Overall exposure level for homeroster.service: [01]\.\d/);
});

test("a USB port may be used that is plugged in for the first time after the start", async () => {
  const text = await readFile(unit, "utf8");
  // systemd resolves these names at the start, when a driver that nothing needed yet is not loaded.
  for (const [name, driver] of Object.entries({ ttyUSB: "usbserial", ttyACM: "cdc_acm" })) {
    expect(text).toContain(`\nDeviceAllow=char-${name} rw\n`);
    for (const order of ["Wants", "After"])
      expect(text).toMatch(new RegExp(`^${order}=.*\\bmodprobe@${driver}\\.service\\b`, "m"));
  }
  expect(text).toContain("\nSupplementaryGroups=dialout\n");
});

test("what a restart cannot mend is not restarted", async () => {
  const { usage, configuration } = exitCode;
  expect(await readFile(unit, "utf8")).toContain(`RestartPreventExitStatus=${usage} ${configuration}\n`);
});
