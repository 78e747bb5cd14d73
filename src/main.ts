import { Command, CommanderError } from "commander";
import { exitCode } from "./cli/exit-code.js";
import { createLog } from "./cli/log.js";
import { GatewayError, messageOf } from "./core/errors.js";
import { version } from "./package.js";

interface FileOptions {
  readonly config?: string;
}

interface DirectoryOptions {
  readonly data: string;
}

let outcome: number = exitCode.done;

const program = new Command("homeroster")
  .description("Puts a home on your XMPP roster.")
  .version(version)
  .exitOverride()
  .showHelpAfterError("See homeroster --help.");

const configFlag = ["--config <file>", "the configuration (config/homeroster.yaml, if it is there)"] as const;
const dataFlag = ["--data <directory>", "where everything is kept"] as const;
const dataDefault = process.env.HOMEROSTER_DATA || "./data";

program
  .command("start")
  .description("run the gateway until it is told to stop")
  .option(...configFlag)
  .option(...dataFlag, dataDefault)
  .option("--lan", "open the embedded server to the local network, with TLS", false)
  .action(async ({ config, data, lan }: FileOptions & DirectoryOptions & { readonly lan: boolean }) => {
    const { start } = await import("./cli/start.js");
    // What is kept is for its owner alone, whoever writes it.
    process.umask(0o077);
    const log = createLog();
    guard(log.error.bind(log));
    outcome = await start({
      ...(config === undefined ? {} : { configFile: config }),
      dataDir: data,
      lan,
      log,
    });
  });

program
  .command("check")
  .description("read the configuration and tell every mistake in it")
  .option(...configFlag)
  .action(async ({ config }: FileOptions) => {
    const { check } = await import("./cli/check.js");
    outcome = await check(config);
  });

program
  .command("status")
  .description("tell how the running gateway is")
  .option("--json", "as JSON, for programs", false)
  .option(...dataFlag, dataDefault)
  .action(async ({ json, data }: DirectoryOptions & { readonly json: boolean }) => {
    const { status } = await import("./cli/status.js");
    outcome = await status({ dataDir: data, json });
  });

try {
  await program.parseAsync();
} catch (error) {
  outcome = onFailure(error);
}
// Nothing is left to wait for; a handle that a library forgot must not keep the process.
process.exit(outcome);

/** Tells the person, without a stack, and chooses the exit code. */
function onFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  process.stderr.write(`${messageOf(error)}\n`);
  if (!(error instanceof GatewayError)) return exitCode.failed;
  return error.code === "config-invalid" ? exitCode.configuration : exitCode.unavailable;
}

/** What nobody caught is a defect: it is logged, and the supervisor starts a clean process. */
function guard(logError: (fields: object, message: string) => void): void {
  for (const name of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(name, (error: unknown) => {
      logError({ err: error }, `an error that nobody expected: ${messageOf(error)}`);
      process.exit(exitCode.failed);
    });
  }
}
