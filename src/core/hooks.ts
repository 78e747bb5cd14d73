import type { DeviceId } from "./device.js";
import { HookMemory } from "./hook-memory.js";
import { type HookKey, isProven, proofOf } from "./hook-proof.js";
import type { Log } from "./log.js";

/** A call of a webhook, as it came. */
export interface HookRequest {
  readonly method: "GET" | "POST";
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

/** What the receiver of a hook made of a call. */
export type HookReply =
  /** `event`: the id of the event that it became, where it became one. */
  | { readonly event: string | undefined }
  | { readonly refused: "body-invalid" | "media-type-unsupported"; readonly sentence: string };

/** Whose a hook is, who may call it, and what is done with a call. */
export interface HookReceiver {
  readonly device: DeviceId;
  readonly key: HookKey;
  readonly methods: readonly HookRequest["method"][];
  /** Gets what the holder of `key` sent, each message once. Never waits. */
  receive(request: HookRequest): HookReply;
}

/** How webhooks reach an adapter. */
export interface HookDoor {
  /**
   * Takes what comes to the hook until the function that it returns is called. A hook has one receiver: a second one waits for
   * the first to go, and the log says whose it is when that does not happen at once.
   */
  open(name: string, receiver: HookReceiver): () => void;
}

/** Why a call was refused. An unknown name and a wrong proof are both `unauthorized`. */
export type HookRefusal =
  | "unauthorized"
  | "signature-expired"
  | "replayed"
  | "rate-limited"
  | "method-not-allowed"
  | "body-invalid"
  | "media-type-unsupported";

export type HookOutcome =
  /** The core took it: `event` is its id, made once. */
  | { readonly event: string }
  | {
      readonly refused: HookRefusal;
      /** For a person. */
      readonly sentence: string;
      /** Milliseconds after which the same call may be taken. */
      readonly retryAfter?: number;
      /** With `method-not-allowed`. */
      readonly methods?: readonly HookRequest["method"][];
    };

/** What the face that takes webhooks may ask. */
export interface HookCalls {
  take(name: string, request: HookRequest): HookOutcome;
}

/** The webhooks of the house: who receives what comes to each name, and whether it may come. */
export class Hooks implements HookCalls {
  readonly #nextId: () => string;
  readonly #log: Log;
  readonly #startedAt = performance.now();
  /** In the order they came; the first is served. */
  readonly #receivers = new Map<string, readonly HookReceiver[]>();
  /** Outlives receivers, so that a changed configuration opens no replay. */
  readonly #memories = new Map<string, HookMemory>();

  /** `nextId` makes the id of a call that became no event. */
  constructor(nextId: () => string, log: Log) {
    this.#nextId = nextId;
    this.#log = log;
  }

  /** The door of one adapter. After `close` nothing that it opened is open, and it opens nothing more. */
  door(): HookDoor & { close(): void } {
    const ways = new Set<() => void>();
    let isClosed = false;
    return {
      open: (name, receiver) => {
        if (isClosed) return () => {};
        const leave = this.#open(name, receiver);
        ways.add(leave);
        return () => {
          ways.delete(leave);
          leave();
        };
      },
      close: () => {
        isClosed = true;
        for (const leave of ways) leave();
        ways.clear();
      },
    };
  }

  take(name: string, request: HookRequest): HookOutcome {
    const receiver = this.#receivers.get(name)?.[0];
    const proof = proofOf(request.headers, request.query);
    if (!isProven(proof, request.body, receiver?.key) || receiver === undefined) {
      return { refused: "unauthorized", sentence: "There is no such webhook, or its proof is wrong." };
    }
    const memory = this.#memories.get(name) ?? new HookMemory(this.#startedAt);
    this.#memories.set(name, memory);
    const retryAfter = memory.wait();
    if (retryAfter > 0) return tooMany(retryAfter);
    if (!receiver.methods.includes(request.method)) {
      const sentence = `This webhook is called by ${receiver.methods.join(" or ")}; its configuration says so.`;
      return { refused: "method-not-allowed", sentence, methods: receiver.methods };
    }
    const { signature } = proof;
    if (receiver.key.kind === "token" || signature === undefined) return this.#deliver(receiver, request);
    const signedAt = Number(signature.timestamp) * 1000;
    const attempt = memory.attempt(signature.id, signedAt);
    if (attempt.is === "repeat") return { event: attempt.event };
    if (attempt.is !== "new") return refusals[attempt.is];
    const outcome = this.#deliver(receiver, request);
    if ("event" in outcome) memory.remember(signature.id, signedAt, outcome.event);
    return outcome;
  }

  #open(name: string, receiver: HookReceiver): () => void {
    this.#receivers.set(name, [...(this.#receivers.get(name) ?? []), receiver]);
    // The one that had it until now may be about to go: a hook moves in one save.
    setImmediate(() => this.#complain(name, receiver));
    return () => {
      const left = (this.#receivers.get(name) ?? []).filter((other) => other !== receiver);
      if (left.length > 0) this.#receivers.set(name, left);
      else this.#receivers.delete(name);
    };
  }

  #complain(name: string, receiver: HookReceiver): void {
    const receivers = this.#receivers.get(name) ?? [];
    const [first] = receivers;
    if (first === undefined || first === receiver || !receivers.includes(receiver)) return;
    this.#log.error(
      { hook: name, device: receiver.device },
      `the webhook "${name}" is ${first.device}'s, so ${receiver.device} hears nothing of it; give it a name of its own`,
    );
  }

  #deliver(receiver: HookReceiver, request: HookRequest): HookOutcome {
    const reply = receiver.receive(request);
    return "refused" in reply ? reply : { event: reply.event ?? this.#nextId() };
  }
}

function tooMany(retryAfter: number): HookOutcome {
  const sentence = "A webhook takes 600 calls a minute.";
  return { refused: "rate-limited", sentence, retryAfter };
}

const refusals = {
  replay: { refused: "replayed", sentence: "This message was taken before; a new attempt has a new time." },
  "out-of-time": {
    refused: "signature-expired",
    sentence:
      "The message was signed more than 5 minutes from now, by the gateway's clock; compare the clocks.",
  },
  "before-start": {
    refused: "signature-expired",
    sentence: "The message was signed before the gateway started; sign and send it again.",
  },
  "too-many": tooMany(60_000),
} as const;
