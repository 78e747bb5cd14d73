import type { Gateway } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import type { Chat } from "./chat/chat.js";
import type { Age } from "./chat/origin.js";
import { ExpiringMap } from "./expiring-map.js";
import { houseLocal, type Jid } from "./jids.js";
import { delayOf, isWrapper, readBody, stableIdOf } from "./message-body.js";
import { Replies } from "./message-replies.js";
import { NS } from "./namespaces.js";
import { Strangers } from "./strangers.js";
import type { Element } from "./xml.js";

const longestBody = 4096;
const dedupedFor = 600_000;
const dedupedMessages = 2000;
/** The longest time to live of a command. */
const freshFor = 10_000;
const composingAfter = 1000;
const people = 1000;

interface Heard {
  readonly text: string;
  readonly answer: Promise<string | undefined>;
}

interface Parts {
  readonly send: (stanza: Element) => boolean;
  readonly chat: Chat;
  readonly gateway: Pick<Gateway, "may">;
  readonly log: Log;
  /** True between a gap in the link and the first ping reply after it: what arrives then may be old. */
  readonly isAgeUnknown: () => boolean;
}

export function createMessages(parts: Parts): Messages {
  return new Messages(parts);
}

/** Obeys the messages that people write to devices and to the house. */
class Messages {
  readonly #send: (stanza: Element) => boolean;
  readonly #chat: Chat;
  readonly #gateway: Pick<Gateway, "may">;
  readonly #log: Log;
  readonly #isAgeUnknown: () => boolean;
  readonly #strangers = new Strangers();
  readonly #toldEncryption = new ExpiringMap<string, true>({ limit: people, lifetime: dedupedFor });
  readonly #heard = new ExpiringMap<string, Heard>({ limit: dedupedMessages, lifetime: dedupedFor });

  constructor({ send, chat, gateway, log, isAgeUnknown }: Parts) {
    this.#send = send;
    this.#chat = chat;
    this.#gateway = gateway;
    this.#log = log;
    this.#isAgeUnknown = isAgeUnknown;
  }

  /** A message to an address of ours, existing or not. Answers by itself; never throws. */
  onMessage(message: Element, from: Jid, to: Jid): void {
    this.#hear(message, from, to).catch((error: unknown) => {
      this.#log.error({ err: error, to: to.bare }, "a message could not be answered");
    });
  }

  async #hear(message: Element, from: Jid, to: Jid): Promise<void> {
    const type: string = message.attrs.type ?? "normal";
    if (type !== "chat" && type !== "normal") return;
    // People have a localpart: what speaks for a whole domain is a machine.
    if (from.local === "" || from.domain === to.domain) return;
    if (isWrapper(message)) return;
    const body = readBody(message);
    if (body.kind === "none") return;

    if (!this.#gateway.may(from.bare, "view")) {
      const reply = this.#strangers.answer(message, from.bare, to.bare);
      if (reply !== undefined) this.#send(reply);
      return;
    }
    const replies = new Replies(message, from, to);
    if (body.kind === "encrypted") return this.#refuseEncryption(from, to, replies);

    for (const mark of replies.marks()) this.#send(mark);
    const obstacle = obstacleIn(message, body.text);
    if (obstacle !== undefined) this.#send(replies.text(obstacle));
    else await this.#answer(message, from, to, body.text, replies);
  }

  async #answer(message: Element, from: Jid, to: Jid, text: string, replies: Replies): Promise<void> {
    const id = stableIdOf(message);
    const key = JSON.stringify([from.bare, to.bare, id]);
    const before = id === undefined ? undefined : this.#heard.get(key);
    if (before !== undefined && before.text !== text) {
      this.#send(
        replies.text("Your message had the id of another one, so nothing was done. Please write it again."),
      );
      return;
    }
    const answer = before?.answer ?? this.#ask(message, from, to, text, id);
    if (id !== undefined && before === undefined) this.#heard.set(key, { text, answer });

    let isComposing = false;
    const timer = setTimeout(() => {
      isComposing = replies.wantsChatStates && this.#send(replies.chatState("composing"));
    }, composingAfter);
    const reply = await answer.finally(() => clearTimeout(timer));
    if (reply !== undefined) this.#send(replies.text(reply));
    else if (isComposing) this.#send(replies.chatState("active"));
  }

  async #ask(
    message: Element,
    from: Jid,
    to: Jid,
    text: string,
    id: string | undefined,
  ): Promise<string | undefined> {
    const origin = { age: this.#ageOf(message), ...(id === undefined ? {} : { id }) };
    try {
      const isHouse = to.local === "" || to.local === houseLocal;
      return await (isHouse
        ? this.#chat.toHouse(from.bare, text, origin)
        : this.#chat.toDevice(from.bare, to.local, text, origin));
    } catch (error) {
      this.#log.error({ err: error, to: to.bare }, "a chat message failed");
      return "Something went wrong here; the log of the gateway says what.";
    }
  }

  #ageOf(message: Element): Age {
    const delay = delayOf(message);
    if (delay !== undefined && delay > freshFor) return "late";
    return Number.isNaN(delay) || this.#isAgeUnknown() ? "unknown" : "fresh";
  }

  #refuseEncryption(from: Jid, to: Jid, replies: Replies): void {
    const key = `${from.bare} ${to.bare}`;
    if (this.#toldEncryption.get(key) !== undefined) return;
    this.#toldEncryption.set(key, true);
    this.#send(
      replies.text(
        "Encryption is not supported here, so I could not read that. Please switch it off for this chat.",
      ),
    );
  }
}

/** Why a message is not even read. */
function obstacleIn(message: Element, text: string): string | undefined {
  // XEP-0308: the first version was obeyed when it came.
  if (message.getChild("replace", NS.correct)) {
    return "A correction is not carried out. If you want it done, send it again as a new message.";
  }
  const size = Buffer.byteLength(text);
  if (size > longestBody) return `That is too long: ${size} bytes, and I read ${longestBody} at most.`;
  return undefined;
}
