import { type DestinationStream, destination, levels, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { Log } from "../core/log.js";

const secretKeys = ["password", "secret", "token", "authorization"];

// As deep as anything that is logged is nested.
const redacted = ["", "*.", "*.*.", "*.*.*."].flatMap((depth) => secretKeys.map((key) => `${depth}${key}`));

export interface LogOptions {
  /** `trace debug info warn error fatal silent`; anything else is `info`. */
  readonly level?: string | undefined;
  /** For eyes: colours and times instead of JSON. */
  readonly isTerminal?: boolean;
  readonly stream?: NodeJS.WritableStream;
}

/** The log of the process, on standard error. One line for each entry; what is in it cannot move a cursor. */
export function createLog(options: LogOptions = {}): Log {
  const { level = process.env.LOG_LEVEL, isTerminal = process.stderr.isTTY === true } = options;
  const isKnown = level !== undefined && (level in levels.values || level === "silent");
  const shownLevel = isKnown ? level : "info";
  const out: DestinationStream = options.stream ?? destination({ dest: 2, sync: true });
  const log = pino(
    {
      level: shownLevel,
      base: null,
      redact: { paths: redacted, censor: "[secret]" },
      serializers: {
        // Nothing was left out: nothing to tell.
        suppressed: (count: unknown) => count || undefined,
        err: (error: unknown) => describeError(error, log.isLevelEnabled("debug")),
        error: (error: unknown) => describeError(error, log.isLevelEnabled("debug")),
      },
      ...(isTerminal ? {} : { formatters: { level: (label) => ({ level: label }) }, timestamp: isoTime }),
    },
    isTerminal ? forEyes(out) : { write: (line) => out.write(escapeJson(line)) },
  );
  if (level !== undefined && level !== "" && !isKnown) {
    log.warn(
      {},
      `LOG_LEVEL knows no ${JSON.stringify(level)}; info is used. Known: ${Object.keys(levels.values).join(", ")}`,
    );
  }
  return log;
}

function isoTime(): string {
  return `,"time":"${new Date().toISOString()}"`;
}

/** Who says it, and what; the level and the fields only where something is wrong, or someone is looking. */
function forEyes(out: DestinationStream): DestinationStream {
  const quiet = prettyFactory({
    colorize: true,
    ignore: "time,level",
    hideObject: true,
    messageFormat: (entry) => `${clockTime(entry.time)} ${said(entry)}`,
  });
  const full = prettyFactory({
    colorize: true,
    translateTime: "SYS:HH:MM:ss",
    ignore: "part,adapter",
    singleLine: true,
    errorLikeObjectKeys: [],
    messageFormat: said,
  });
  return { write: (line) => out.write((isInfo(line) ? quiet : full)(escapeTwice(line))) };
}

function said({ adapter, part = adapter, msg }: Readonly<Record<string, unknown>>): string {
  return part === undefined ? `${msg}` : `${part}: ${msg}`;
}

function clockTime(milliseconds: unknown): string {
  return new Date(Number(milliseconds)).toTimeString().slice(0, "HH:MM:ss".length);
}

/** The level comes first. */
function isInfo(line: string): boolean {
  return line.startsWith(`{"level":${levels.values.info},`);
}

/** What a person is told of an error; the stack only where someone is looking for it. */
function describeError(error: unknown, withStack: boolean): unknown {
  if (!(error instanceof Error)) return error;
  return {
    message: error.message,
    ...("code" in error && { code: error.code }),
    ...(withStack && { stack: error.stack?.split("\n") }),
    ...(error.cause !== undefined && { cause: describeError(error.cause, withStack) }),
  };
}

const unprintable = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeJson(line: string): string {
  return line.replace(unprintable, (character) => escapeOf(character));
}

/** The pretty printer undoes one escape: what is to arrive as an escape needs two. */
function escapeTwice(line: string): string {
  return line
    .replace(/\\(\\|"|[bfnrt]|u[0-9a-f]{4})/gi, (written, what: string) =>
      what === "\\" || what === '"' ? written : `\\\\${what}`,
    )
    .replace(unprintable, (character) => `\\${escapeOf(character)}`);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
