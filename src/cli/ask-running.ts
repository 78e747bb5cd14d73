import type { Answers } from "../control/answers.js";
import { ask } from "../control/ask.js";
import type { ControlRequest } from "../control/requests.js";

/** Asks the gateway of the data directory; where none runs, says so and resolves with `undefined`. */
export async function askRunning<Request extends ControlRequest>(
  dataDir: string,
  request: Request,
): Promise<Answers[Request["do"]] | undefined> {
  const answer = await ask(dataDir, request);
  if (answer === undefined) process.stderr.write(`Homeroster is not running in ${dataDir}.\n`);
  return answer;
}
