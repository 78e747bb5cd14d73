import { onTestFinished, vi } from "vitest";

/** What the process says from now on, until the test ends; nobody else hears it. */
export function listenToProcess(): { out: string; err: string } {
  const said = { out: "", err: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name === "stdout" ? "out" : "err"] += text;
      return true;
    }),
  );
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return said;
}
