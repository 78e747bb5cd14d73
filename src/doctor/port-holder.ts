import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** A program that has a file open. */
interface Holder {
  readonly pid: number;
  /** What the kernel calls it. */
  readonly name: string;
}

/** Who has a device open, of the processes that this user may look into. `path` is no link. */
export async function holderOf(path: string): Promise<Holder | undefined> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(
    processes.map(async (pid) =>
      (await hasOpen(pid, path)) ? { pid: Number(pid), name: await nameOf(pid) } : [],
    ),
  );
  return holders.flat()[0];
}

async function hasOpen(pid: string, path: string): Promise<boolean> {
  const directory = join("/proc", pid, "fd");
  const files = await readdir(directory).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(join(directory, file)).catch(() => "")));
  return targets.includes(path);
}

async function nameOf(pid: string): Promise<string> {
  return (await readFile(join("/proc", pid, "comm"), "utf8").catch(() => "a program")).trim();
}
