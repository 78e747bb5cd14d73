import { parse } from "ltx";
import { vi } from "vitest";
import type { Chat } from "../../src/xmpp/chat/chat.js";
import type { Origin } from "../../src/xmpp/chat/origin.js";
import { parseJid } from "../../src/xmpp/jids.js";
import { createMessages } from "../../src/xmpp/messages.js";
import type { Element } from "../../src/xmpp/xml.js";
import { RecordingLog } from "../support/recording-log.js";

export const alice = "alice@example.org";
export const lamp = "lamp@iot.example.org";

interface Heard {
  readonly to: string;
  readonly text: string;
  readonly origin: Origin | undefined;
}

/** The handler with a chat that notes what it hears and answers with what the test says. */
export class Desk {
  readonly heard: Heard[] = [];
  readonly log = new RecordingLog();
  answer: (text: string) => Promise<string | undefined> = async (text) => `You said: ${text}`;
  isAgeUnknown = false;
  readonly #sent: string[] = [];
  readonly #messages = createMessages({
    send: (stanza) => {
      // Random ids would make no transcript.
      if (stanza.attrs.id !== undefined && stanza.attrs.type !== "error") stanza.attrs.id = "x";
      return this.#sent.push(stanza.toString()) > 0;
    },
    chat: this.#chat(),
    gateway: { may: (principal) => principal === alice },
    log: this.log,
    isAgeUnknown: () => this.isAgeUnknown,
  });

  /** What is sent in answer to a stanza written as XML. */
  async receive(xml: string): Promise<string[]> {
    const stanza = parse(xml) as unknown as Element;
    const from = parseJid(stanza.attrs.from);
    const to = parseJid(stanza.attrs.to);
    if (from === undefined || to === undefined) throw new Error("The test has a bad address.");
    this.#messages.onMessage(stanza, from, to);
    await vi.advanceTimersByTimeAsync(0);
    return this.take();
  }

  take(): string[] {
    return this.#sent.splice(0);
  }

  #chat(): Chat {
    return {
      toDevice: (_, to, text, origin) => this.#hear(to, text, origin),
      toHouse: (_, text, origin) => this.#hear("the house", text, origin),
    };
  }

  #hear(to: string, text: string, origin: Origin | undefined): Promise<string | undefined> {
    this.heard.push({ to, text, origin });
    return this.answer(text);
  }
}

/** A chat message from alice's phone to the lamp, with more children. */
export function written(body: string, children = "", attributes = "type='chat' id='m1'"): string {
  return `<message from='${alice}/phone' to='${lamp}' ${attributes}><body>${body}</body>${children}</message>`;
}

export function reply(body: string, children = ""): string {
  return `<message from="lamp@iot.example.org/device" to="alice@example.org" type="chat" id="x"><body>${body}</body>${children}</message>`;
}

export const mark = (child: string, type = ' type="chat"'): string =>
  `<message from="lamp@iot.example.org/device" to="alice@example.org"${type} id="x">${child}</message>`;
