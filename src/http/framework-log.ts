import type { FastifyBaseLogger } from "fastify";
import type { Log } from "../core/log.js";

/** Our log as the framework wants it: its sentence may come first or alone, and it has two more levels. */
export function frameworkLog(log: Log): FastifyBaseLogger {
  const write =
    (level: "debug" | "info" | "warn" | "error") =>
    (first: unknown, message?: unknown): void => {
      if (typeof first === "string") log[level]({}, first);
      else if (first instanceof Error) log[level]({ err: first }, first.message);
      else log[level](Object(first), String(message ?? ""));
    };
  return {
    level: "debug",
    silent: () => {},
    trace: () => {},
    debug: write("debug"),
    // What the framework finds worth telling, such as its address, the gateway tells in its own words.
    info: write("debug"),
    warn: write("warn"),
    error: write("error"),
    fatal: write("error"),
    child: (fields) => frameworkLog(log.child(fields)),
  };
}
