import { CommanderError } from "commander";
import { exitCode, exitOfError } from "./cli/exit-code.js";
import { createProgram } from "./cli/program.js";
import { GatewayError, messageOf } from "./core/errors.js";

let outcome: number = exitCode.done;

try {
  await createProgram((code) => {
    outcome = code;
  }).parseAsync();
} catch (error) {
  outcome = onFailure(error);
}
// Nothing is left to wait for; a handle that a library forgot must not keep the process.
process.exit(outcome);

/** Tells the person, without a stack, and chooses the exit code. */
function onFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  process.stderr.write(`${messageOf(error)}\n`);
  return error instanceof GatewayError ? exitOfError(error.code) : exitCode.failed;
}
