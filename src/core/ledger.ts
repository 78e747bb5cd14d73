import { createHash } from "node:crypto";
import type { CommandRequest, Principal, Receipt } from "./command.js";
import type { Ticket } from "./gateway.js";

const keptFor = 600_000;
const entryLimit = 10_000;
/** Characters of all texts that commands wanted to set. */
const textLimit = 4_194_304;

interface Entry {
  readonly principal: Principal;
  readonly ticket: Ticket;
  readonly dedupeKey: string | undefined;
  readonly payload: string;
  receipt: Receipt | "accepted";
}

/** The commands of the last ten minutes: what became of them, and which of them a request repeats. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #byKey = new Map<string, Entry>();
  #textLength = 0;

  /** The ticket that this request repeats, or `"conflict"` when its id was used for something else. */
  repeated(principal: Principal, request: CommandRequest): Ticket | "conflict" | undefined {
    const key = dedupeKey(principal, request);
    const entry = key === undefined ? undefined : this.#byKey.get(key);
    if (entry === undefined) return undefined;
    return entry.payload === payloadOf(request) ? entry.ticket : "conflict";
  }

  record(principal: Principal, request: CommandRequest, ticket: Ticket): void {
    const entry: Entry = {
      principal,
      ticket,
      dedupeKey: dedupeKey(principal, request),
      payload: payloadOf(request),
      receipt: "accepted",
    };
    this.#entries.set(ticket.command, entry);
    if (entry.dedupeKey !== undefined) this.#byKey.set(entry.dedupeKey, entry);
    this.#keepLimits();
  }

  finish(receipt: Receipt): void {
    const entry = this.#entries.get(receipt.command);
    if (entry === undefined) return;
    entry.receipt = receipt;
    this.#textLength += textLength(receipt);
    this.#keepLimits();
    if (awaitsCode(receipt) && entry.dedupeKey !== undefined) this.#byKey.delete(entry.dedupeKey);
    setTimeout(() => this.#forget(receipt.command), keptFor).unref();
  }

  receipt(principal: Principal, command: string): Receipt | "accepted" | undefined {
    const entry = this.#entries.get(command);
    return entry?.principal === principal ? entry.receipt : undefined;
  }

  /** The oldest go first. */
  #keepLimits(): void {
    for (const command of this.#entries.keys()) {
      if (this.#entries.size <= entryLimit && this.#textLength <= textLimit) return;
      this.#forget(command);
    }
  }

  #forget(command: string): void {
    const entry = this.#entries.get(command);
    this.#entries.delete(command);
    this.#textLength -= textLength(entry?.receipt);
    if (entry?.dedupeKey !== undefined && this.#byKey.get(entry.dedupeKey) === entry) {
      this.#byKey.delete(entry.dedupeKey);
    }
  }
}

function dedupeKey(principal: Principal, request: CommandRequest): string | undefined {
  return request.id === undefined ? undefined : JSON.stringify([principal, request.id]);
}

function textLength(receipt: Receipt | "accepted" | undefined): number {
  return typeof receipt === "object" && typeof receipt.value === "string" ? receipt.value.length : 0;
}

/** The same request comes again with its code, or with a better one, and is no repeat then. */
function awaitsCode({ code }: Receipt): boolean {
  return code === "confirmation-required" || code === "confirmation-invalid";
}

/** A hash, for a value may be long and thousands are kept. */
function payloadOf({ device, channel, value }: CommandRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([device, channel, value]))
    .digest("base64");
}
