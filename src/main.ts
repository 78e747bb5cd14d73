import { type Argument, Command, CommanderError } from "commander";
import { exitCode, exitOfError } from "./cli/exit-code.js";
import { createLog } from "./cli/log.js";
import { GatewayError, messageOf } from "./core/errors.js";
import { version } from "./package.js";

interface FileOptions {
  readonly config?: string;
}

interface DirectoryOptions {
  readonly data: string;
}

interface StartOptions extends FileOptions, DirectoryOptions {
  readonly lan?: boolean;
}

interface OutputOptions extends DirectoryOptions {
  readonly json?: boolean;
}

interface SendOptions extends OutputOptions {
  readonly confirm?: string;
}

let outcome: number = exitCode.done;

const program = new Command("homeroster")
  .description("Puts a home on your XMPP roster.")
  .version(version)
  .exitOverride()
  .configureHelp({
    subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(" "),
  })
  .showHelpAfterError("See homeroster --help.");

const configFlag = ["--config <file>", "the configuration (config/homeroster.yaml, if it is there)"] as const;
const dataFlag = ["--data <directory>", "where everything is kept"] as const;
const jsonFlag = ["--json", "as JSON, for programs"] as const;
const dataDefault = process.env.HOMEROSTER_DATA || "./data";

program
  .command("start")
  .description("run the gateway until it is told to stop")
  .option(...configFlag)
  .option(...dataFlag, dataDefault)
  .option("--lan", "open the embedded server to the local network, with TLS")
  .action(async ({ config, data, lan = false }: StartOptions) => {
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
  .option(...jsonFlag)
  .option(...dataFlag, dataDefault)
  .action(async ({ json = false, data }: OutputOptions) => {
    const { status } = await import("./cli/status.js");
    outcome = await status({ dataDir: data, json });
  });

program
  .command("devices")
  .description("list the devices by room, and how each is")
  .option(...jsonFlag)
  .option(...dataFlag, dataDefault)
  .action(async ({ json = false, data }: OutputOptions) => {
    const { devices } = await import("./cli/devices.js");
    outcome = await devices({ dataDir: data, json });
  });

program
  .command("send")
  .description("give a device a command, and wait for what becomes of it")
  .argument("<device>", "its id, such as kitchen-lamp")
  .argument("<channel>", "the channel's id, such as power")
  .argument("<value>", "what it should have, such as on, 40 or +10")
  .option("--confirm <code>", "the code that a hazardous command was answered with")
  .option(...jsonFlag)
  .option(...dataFlag, dataDefault)
  .action(async (device: string, channel: string, value: string, options: SendOptions) => {
    const { send } = await import("./cli/send.js");
    const { data, json = false, confirm } = options;
    const code = confirm === undefined ? {} : { confirm };
    outcome = await send({ dataDir: data, device, channel, value, json, ...code });
  });

try {
  await program.parseAsync();
} catch (error) {
  outcome = onFailure(error);
}
// Nothing is left to wait for; a handle that a library forgot must not keep the process.
process.exit(outcome);

function termOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

/** Tells the person, without a stack, and chooses the exit code. */
function onFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  process.stderr.write(`${messageOf(error)}\n`);
  return error instanceof GatewayError ? exitOfError(error.code) : exitCode.failed;
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
