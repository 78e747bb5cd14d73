import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { exitCode } from "./exit-code.js";

/** What nobody caught is a defect: it is logged, and the supervisor starts a clean process. */
export function guardProcess(log: Log): void {
  for (const name of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(name, (error: unknown) => {
      log.error({ err: error }, `an error that nobody expected: ${messageOf(error)}`);
      process.exit(exitCode.failed);
    });
  }
}
