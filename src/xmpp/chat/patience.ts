import { Allowance } from "../../core/allowance.js";
import type { Principal } from "../../core/command.js";
import { ExpiringMap } from "../expiring-map.js";
import type { Answer } from "./answer.js";

const people = 1000;
const keptFor = 600_000;
/** What comes back sooner than this was not typed. */
const quick = 1000;
const quickInRow = 3;
const silence = 60_000;

interface Conversation {
  /** What we said last, to know an echo by. */
  last: string;
  /** When we last said that something made no sense, on the monotonic clock. */
  complainedAt: number;
  /** How many senseless texts in a row came at once after such an answer. */
  inRow: number;
  silentUntil: number;
}

/** Keeps us from talking for ever with another machine that understands us no better than we understand it. */
export class Patience {
  readonly #conversations = new ExpiringMap<Principal, Conversation>({ limit: people, lifetime: keptFor });
  readonly #complaints = new Allowance({ rate: 1 / 3, burst: 20 });

  isEcho(principal: Principal, text: string): boolean {
    return this.#conversations.get(principal)?.last === text.trim();
  }

  /** What may be said of `answer` to a text that came at `heardAt` (monotonic clock). */
  weigh(principal: Principal, { text, understood }: Answer, heardAt: number): string | undefined {
    const conversation = this.#conversations.get(principal) ?? {
      last: "",
      complainedAt: Number.NEGATIVE_INFINITY,
      inRow: 0,
      silentUntil: Number.NEGATIVE_INFINITY,
    };
    this.#conversations.set(principal, conversation);
    if (understood) {
      conversation.inRow = 0;
      conversation.silentUntil = Number.NEGATIVE_INFINITY;
    } else {
      conversation.inRow = heardAt - conversation.complainedAt < quick ? conversation.inRow + 1 : 0;
      if (conversation.inRow > quickInRow) {
        conversation.inRow = 0;
        conversation.silentUntil = heardAt + silence;
      }
      if (heardAt < conversation.silentUntil || !this.#complaints.take(principal)) return undefined;
      conversation.complainedAt = performance.now();
    }
    conversation.last = text.trim();
    return text;
  }
}
