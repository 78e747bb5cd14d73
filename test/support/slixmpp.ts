import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { testPython } from "./packages.js";

export interface Heard {
  readonly got: string;
  readonly [fact: string]: unknown;
}

/** An owner who uses an XMPP library of another language: python3-slixmpp, with `test/e2e/owner.py`. */
export interface SlixmppOwner {
  do(command: Readonly<Record<string, string>>): void;
  /** The first line that fits, of those that came already or within 30 s; it is used up. */
  hear(what: string, predicate: (heard: Heard) => boolean): Promise<Heard>;
  /** All that came and was not used up, and fits. */
  heard(predicate: (heard: Heard) => boolean): readonly Heard[];
  /** Drops all that came and was not heard. */
  forget(): void;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("../e2e/owner.py", import.meta.url));
const patience = 30_000;

/** `ca` is a file: then the connection is by TLS, and to a server with a certificate of that authority. */
export async function slixmppOwner(
  jid: string,
  password: string,
  port: number,
  ca?: string,
): Promise<SlixmppOwner> {
  const python = testPython();
  const child = spawn(
    python.command,
    [script, jid, password, "127.0.0.1", String(port), ...(ca === undefined ? [] : [ca])],
    {
      env: { ...process.env, ...python.environment },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = (complaints + text).slice(-4_000);
  });
  const heard: Heard[] = [];
  let onLine = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    heard.push(JSON.parse(line) as Heard);
    onLine();
  });

  const hear: SlixmppOwner["hear"] = (what, predicate) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const index = heard.findIndex(predicate);
        const [found] = index === -1 ? [] : heard.splice(index, 1);
        if (found === undefined) return;
        clearTimeout(timer);
        onLine = () => {};
        resolve(found);
      };
      const timer = setTimeout(() => {
        const all = heard.map((line) => JSON.stringify(line)).join("\n");
        reject(new Error(`slixmpp did not get ${what} in ${patience} ms. It got:\n${all}\n${complaints}`));
      }, patience);
      onLine = look;
      look();
    });

  await hear("a session", ({ got }) => got === "ready");
  return {
    hear,
    heard: (predicate) => heard.filter(predicate),
    forget: () => {
      heard.length = 0;
    },
    do: (command) => child.stdin.write(`${JSON.stringify(command)}\n`),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, "exit");
      child.kill();
      await exit;
    },
  };
}
