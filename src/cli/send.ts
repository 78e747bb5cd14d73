import { createInterface } from "node:readline/promises";
import type { SendAnswer } from "../control/answers.js";
import type { Receipt } from "../core/command.js";
import { askRunning } from "./ask-running.js";
import { exitCode, exitOfReceipt } from "./exit-code.js";
import { printJson } from "./print-json.js";

interface SendOptions {
  readonly dataDir: string;
  readonly device: string;
  readonly channel: string;
  readonly value: string;
  readonly confirm?: string;
  readonly json: boolean;
}

/** Who sits at the command line, if someone does. */
interface Person {
  /** What they typed; `undefined` when they can't or won't. */
  ask?(question: string): Promise<string | undefined>;
}

/** Sends a command and prints what became of it. Resolves to the exit code. */
export async function send(options: SendOptions, person: Person = personAtTerminal()): Promise<number> {
  const { dataDir, device, channel, value, confirm, json } = options;
  const request = { do: "send" as const, device, channel, value };
  const answer = await askRunning(dataDir, { ...request, ...(confirm === undefined ? {} : { confirm }) });
  if (answer === undefined) return exitCode.notRunning;
  const code = answer.receipt.confirm;
  if (code === undefined || json) return tell(answer, json);
  const deed = capitalized(answer.deed ?? "do that");
  if (person.ask === undefined) {
    process.stderr.write(`${deed}? Repeat this within 30 s with --confirm ${code}\n`);
    return exitCode.confirm;
  }
  const typed = await person.ask(`${deed}? Type the code ${code}: `);
  if (typed?.trim() !== code) {
    process.stderr.write(
      typed === undefined ? "\nNothing was done.\n" : "That is not the code; nothing was done.\n",
    );
    return exitCode.confirm;
  }
  const confirmed = await askRunning(dataDir, { ...request, confirm: code });
  return confirmed === undefined ? exitCode.notRunning : tell(confirmed, json);
}

function tell({ receipt, sentence }: SendAnswer, json: boolean): number {
  const code = exitOfReceipt(receipt);
  if (json) printJson(receiptJson(receipt));
  else if (code === exitCode.done) process.stdout.write(`${sentence}\n`);
  else process.stderr.write(`${sentence}\n`);
  return code;
}

function receiptJson({ expiresAt, ...receipt }: Receipt) {
  return { ...receipt, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }) };
}

function personAtTerminal(): Person {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return {};
  return {
    ask: async (question) => {
      const lines = createInterface({ input, output });
      const gone = new Promise<undefined>((resolve) => {
        lines.once("close", () => resolve(undefined));
        lines.once("SIGINT", () => lines.close());
      });
      try {
        return await Promise.race([lines.question(question), gone]);
      } finally {
        lines.close();
      }
    },
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
