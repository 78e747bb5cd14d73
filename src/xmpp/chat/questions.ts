import type { CommandRequest, Principal } from "../../core/command.js";
import type { DeviceId } from "../../core/device.js";
import { ExpiringMap } from "../expiring-map.js";
import { type Answer, answer, complaint } from "./answer.js";
import { enumerate } from "./words.js";

const keptFor = 600_000;
const people = 1000;
const questionsEach = 8;

/** A hazard that waits for its code. */
export interface Question {
  readonly code: string;
  /** What is done with the code. */
  readonly request: CommandRequest;
  /** `unlock Front door` */
  readonly deed: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface Asked extends Question {
  readonly diesAt: number;
  /** Why the code is no longer good. */
  closed: string | undefined;
}

/** The codes that were told to people, and what each stands for. The core alone decides whether a code still holds. */
export class Questions {
  readonly #asked = new ExpiringMap<Principal, Asked[]>({ limit: people, lifetime: keptFor });

  /** Remembers the question and words it. */
  ask(principal: Principal, question: Question): Answer {
    const lifetime = Math.max(0, question.expiresAt - Date.now());
    const asked: Asked = { ...question, diesAt: performance.now() + lifetime, closed: undefined };
    const others = this.#of(principal).filter(({ code }) => code !== question.code);
    for (const other of others) {
      if (other.deed === question.deed) other.closed ??= "A newer code took its place.";
    }
    this.#asked.set(principal, [...others, asked].slice(-questionsEach));
    const sentence = question.deed.charAt(0).toUpperCase() + question.deed.slice(1);
    return answer(`${sentence}? Reply "yes ${question.code}" within ${Math.ceil(lifetime / 1000)} s.`);
  }

  /** The question that `yes CODE`, written to `device` or the house, answers; else what to say instead. */
  take(principal: Principal, code: string, device: DeviceId | undefined): Question | Answer {
    const question = this.#of(principal).find((asked) => asked.code === code);
    if (question === undefined) {
      return complaint(`"${code}" is no code that I gave you; nothing was done.${this.#reminder(principal)}`);
    }
    if (device !== undefined && question.request.device !== device) {
      return complaint(
        `The code ${code} is not for this device; nothing was done. Say it where you were asked.`,
      );
    }
    if (question.closed !== undefined) return complaint(question.closed);
    if (question.diesAt <= performance.now()) {
      return complaint(`The code ${code} is too old; nothing was done. Say it again for a new one.`);
    }
    question.closed = `The code ${code} was used already; it works once.`;
    return question;
  }

  /** What to say to a `yes` without its code. */
  needsCode(principal: Principal): Answer {
    const reminder = this.#reminder(principal);
    return reminder === ""
      ? complaint("There is nothing to confirm.")
      : answer(`A yes needs its code.${reminder}`);
  }

  /** `no`: all open questions are off. */
  cancel(principal: Principal): Answer {
    const open = this.#open(principal);
    for (const question of open) question.closed = "That was cancelled. Say it again for a new code.";
    if (open.length === 0) return complaint("There is nothing to cancel.");
    return answer(`Cancelled: ${enumerate(open.map((question) => question.deed))}.`);
  }

  #reminder(principal: Principal): string {
    return this.#open(principal)
      .map((question) => ` To ${question.deed}, reply "yes ${question.code}".`)
      .join("");
  }

  #open(principal: Principal): Asked[] {
    const now = performance.now();
    return this.#of(principal).filter(({ closed, diesAt }) => closed === undefined && diesAt > now);
  }

  #of(principal: Principal): Asked[] {
    return this.#asked.get(principal) ?? [];
  }
}
