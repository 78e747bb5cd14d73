import { type Argument, Command, Option } from "commander";
import type { GrantedRole } from "../control/requests.js";
import { version } from "../package.js";

interface FileOptions {
  readonly config?: string;
}

interface DirectoryOptions {
  readonly data: string;
}

interface OutputOptions extends DirectoryOptions {
  readonly json?: boolean;
}

interface StartOptions extends FileOptions, DirectoryOptions {
  readonly lan?: boolean;
}

interface SendOptions extends OutputOptions {
  readonly confirm?: string;
}

interface RoleOptions extends DirectoryOptions {
  readonly role: GrantedRole;
}

const configFlag = ["--config <file>", "the configuration (config/homeroster.yaml, if it is there)"] as const;
const dataFlag = ["--data <directory>", "where everything is kept"] as const;
const jsonFlag = ["--json", "as JSON, for programs"] as const;

/** All commands; each hands its exit code to `end`. What it needs is loaded when it is called. */
export function createProgram(end: (code: number) => void): Command {
  const dataDefault = process.env.HOMEROSTER_DATA || "./data";
  const program = new Command("homeroster")
    .description("Puts a home on your XMPP roster.")
    .version(version)
    .exitOverride()
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(" "),
    })
    .showHelpAfterError("See homeroster --help.");

  program
    .command("start")
    .description("run the gateway until it is told to stop")
    .option(...configFlag)
    .option(...dataFlag, dataDefault)
    .option("--lan", "open the embedded server to the local network, with TLS")
    .action(async ({ config, data, lan = false }: StartOptions) => {
      const { start } = await import("./start.js");
      const { createLog } = await import("./log.js");
      const { guardProcess } = await import("./guard.js");
      const { serviceManager } = await import("./notify.js");
      // What is kept is for its owner alone, whoever writes it.
      process.umask(0o077);
      const log = createLog();
      guardProcess(log);
      const manager = serviceManager(process.env, log);
      const configFile = config === undefined ? {} : { configFile: config };
      end(await start({ ...configFile, dataDir: data, lan, log, manager }));
    });

  program
    .command("check")
    .description("read the configuration and tell every mistake in it")
    .option(...configFlag)
    .action(async ({ config }: FileOptions) => {
      const { check } = await import("./check.js");
      end(await check(config));
    });

  program
    .command("doctor")
    .description("look for what stands in the gateway's way, and tell the cure")
    .option(...configFlag)
    .option(...jsonFlag)
    .option(...dataFlag, dataDefault)
    .action(async ({ config, json = false, data }: FileOptions & OutputOptions) => {
      const { doctor } = await import("./doctor.js");
      end(await doctor({ ...(config === undefined ? {} : { configFile: config }), dataDir: data, json }));
    });

  program
    .command("status")
    .description("tell how the running gateway is")
    .option(...jsonFlag)
    .option(...dataFlag, dataDefault)
    .action(async ({ json = false, data }: OutputOptions) => {
      const { status } = await import("./status.js");
      end(await status({ dataDir: data, json }));
    });

  program
    .command("devices")
    .description("list the devices by room, and how each is")
    .option(...jsonFlag)
    .option(...dataFlag, dataDefault)
    .action(async ({ json = false, data }: OutputOptions) => {
      const { devices } = await import("./devices.js");
      end(await devices({ dataDir: data, json }));
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
      const { send } = await import("./send.js");
      const { data, json = false, confirm } = options;
      const code = confirm === undefined ? {} : { confirm };
      end(await send({ dataDir: data, device, channel, value, json, ...code }));
    });

  program
    .command("invite")
    .description("invite somebody to the embedded server, by a link and a code to scan")
    .argument("<name>", "the name of the account, such as bob")
    .addOption(roleOption("what they may do in the house").default("resident"))
    .option(...jsonFlag)
    .option(...dataFlag, dataDefault)
    .action(async (name: string, { role, json = false, data }: RoleOptions & OutputOptions) => {
      const { invite } = await import("./invite.js");
      end(await invite({ dataDir: data, name, role, json }));
    });

  program
    .command("hook")
    .description("make a token for a webhook, and print it: this once")
    .argument("<name>", "the webhook's name, such as doorbell")
    .action(async (name: string) => {
      const { hook } = await import("./hook.js");
      end(hook(name));
    });

  const token = program.command("token").description("make, list and revoke the tokens of HTTP");

  token
    .command("create")
    .description("make a token, and print it: this once")
    .argument("<name>", "whose it is, such as dashboard")
    .addOption(roleOption("what it may do").makeOptionMandatory())
    .option(...dataFlag, dataDefault)
    .action(async (name: string, { role, data }: RoleOptions) => {
      const { createToken } = await import("./token.js");
      end(await createToken(data, name, role));
    });

  token
    .command("list")
    .description("list the tokens; they themselves are not kept")
    .option(...jsonFlag)
    .option(...dataFlag, dataDefault)
    .action(async ({ json = false, data }: OutputOptions) => {
      const { listTokens } = await import("./token.js");
      end(await listTokens(data, json));
    });

  token
    .command("revoke")
    .description("make a token useless, at once")
    .argument("<name>", "the token's name")
    .option(...dataFlag, dataDefault)
    .action(async (name: string, { data }: DirectoryOptions) => {
      const { revokeToken } = await import("./token.js");
      end(await revokeToken(data, name));
    });

  return program;
}

function roleOption(description: string): Option {
  return new Option("--role <role>", description).choices(["viewer", "resident", "admin"]);
}

function termOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}
