import { z } from "zod";
import { duration, strict } from "../../../src/schema.js";
import { type Auth, auth, headers, lowerCase } from "../client/auth.js";
import { type Tls, tls } from "../client/tls.js";
import type { Subscription } from "./streams.js";

const shortestSilence = 5_000;

const url = z.string("is no URL; write for example http://192.0.2.7/events").transform((written, context) => {
  const wrong = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!/^(https?|wss?):\/\/[^/?#]/i.test(written) || !URL.canParse(written)) {
    return wrong(
      "is no URL of a source; write http://HOST/PATH or https://HOST/PATH, for a WebSocket ws:// or wss://",
    );
  }
  const { username, password, hash } = new URL(written);
  if (username !== "" || password !== "") return wrong("has a user or password in it; use `auth`");
  if (hash !== "") return wrong("has a # in it, and what follows is never sent; leave it out, or write %23");
  return { url: new URL(written.replace(/^ws/i, "http")), isWebSocket: /^ws/i.test(written) };
});

const text = z.string("is no text; put it in quotes").min(1, "is empty");
// RFC 6455 §4.1: a token.
const subprotocol = text.regex(
  /^[!#$%&'*+.^_`|~\w-]+$/,
  "is no name of a subprotocol; write for example v1.json",
);

/** One, or a list of them. */
function oneOrMore<Schema extends z.ZodType<string>>(one: Schema, what: string) {
  return z
    .union([one.transform((single) => [single]), z.array(one).min(1)], {
      error: `is no ${what}, nor a list of them`,
    })
    .exactOptional();
}

const section = strict({
  url: url.describe("http:// or https:// for server-sent events, ws:// or wss:// for a WebSocket."),
  kind: z
    .enum(["sse", "websocket"])
    .describe("Server-sent events or a WebSocket. Default: what the URL says.")
    .exactOptional(),
  event: oneOrMore(text, "name of an event").describe(
    "The events of these names alone. Default: all of them.",
  ),
  send: oneOrMore(text, "text").describe("What a WebSocket is told each time it has opened."),
  protocol: oneOrMore(subprotocol, "name of a subprotocol").describe(
    "The subprotocols that we speak, the best first.",
  ),
  silence: duration
    .refine((milliseconds) => milliseconds >= shortestSilence, "is less than 5s")
    .describe("A source that says nothing for so long is connected anew. Default: it may be silent for ever.")
    .exactOptional(),
  auth: auth.describe("The login, where it is not the device's.").exactOptional(),
  tls: tls.describe("Whom to trust, where it is not as the device says.").exactOptional(),
  headers: headers.exactOptional(),
});

export type EventsWords = z.output<typeof section>;

/** A source of messages in a device's address: one connection that stays, and is made again when it is lost. */
export const events = z
  .union([url.transform((place): EventsWords => ({ url: place })), section], {
    error: "is no source; write a URL, or for example { url: http://192.0.2.7/events, event: update }",
  })
  .transform((words): EventsWords => words)
  .superRefine((given, context) => {
    const wrong = (word: string, message: string) =>
      context.addIssue({ code: "custom", path: [word], message });
    const { url: place, event, send, protocol } = given;
    const isWebSocket = isWebSocketOf(given);
    if (place.isWebSocket && !isWebSocket)
      wrong("url", "is that of a WebSocket; for kind: sse write http:// or https://");
    if (isWebSocket && event !== undefined) {
      wrong("event", "goes with server-sent events; messages of a WebSocket have no names");
    }
    for (const [word, words] of Object.entries({ send, protocol })) {
      if (!isWebSocket && words !== undefined)
        wrong(word, "goes with a WebSocket; write ws:// or wss://, or kind: websocket");
    }
    if (given.tls !== undefined && place.url.protocol !== "https:") {
      wrong("tls", "needs a URL that begins with https:// or wss://");
    }
  });

/** What the device and its adapter say of all their requests; what stands in `events` comes before it. Headers in lower case. */
export interface CommonWords {
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Auth | undefined;
  readonly tls?: Tls | undefined;
}

export function subscriptionOf(words: EventsWords, common: CommonWords): Subscription {
  const { url: place, event, send = [], protocol = [], silence, headers: own = {} } = words;
  const login = words.auth ?? common.auth;
  const trust = words.tls ?? common.tls;
  return {
    source: {
      url: place.url,
      kind: isWebSocketOf(words) ? "websocket" : "sse",
      headers: { ...common.headers, ...lowerCase(own) },
      protocols: protocol,
      send,
      ...(login !== undefined && { auth: login }),
      ...(trust !== undefined && place.url.protocol === "https:" && { tls: trust }),
      ...(silence !== undefined && { silence }),
    },
    ...(event !== undefined && { events: event }),
  };
}

export function isWebSocketOf({ url: place, kind }: Pick<EventsWords, "url" | "kind">): boolean {
  return kind === undefined ? place.isWebSocket : kind === "websocket";
}
