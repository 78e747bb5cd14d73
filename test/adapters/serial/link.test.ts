import { expect, onTestFinished, test } from "vitest";
import { PortLink } from "../../../adapters/serial/link.js";
import { settings } from "../../../adapters/serial/settings.js";
import { openPty } from "../../support/pty.js";

const patient = { timeout: 15_000 };

function aLink(path: string) {
  const states: string[] = [];
  const link = new PortLink(settings.parse({ path }), {
    onState: (state, detail) => states.push(`${state} ${detail}`.trim()),
    onOpen: () => {},
    onBytes: () => {},
    onClose: () => states.push("closed"),
  });
  onTestFinished(() => link.stop());
  return { link, states };
}

test("a port that was stopped while it was being opened is free at once, and can be opened again", async () => {
  const pty = await openPty();
  onTestFinished(pty.close);
  const { link, states } = aLink(pty.port);
  link.start();
  const stopped = link.stop();
  link.start();
  await expect.poll(() => states.at(-1), patient).toBe("online");
  await stopped;
  expect(states).toEqual(["connecting", "connecting", "online"]);

  const second = aLink(pty.port);
  await link.stop();
  second.link.start();
  await expect.poll(() => second.states.at(-1), patient).toBe("online");
  await second.link.stop();
  expect(second.states).toEqual(["connecting", "online", "closed"]);
});
