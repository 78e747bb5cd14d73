import PQueue from "p-queue";
import type { Auth } from "./auth.js";
import { Connection } from "./connection.js";
import { DigestLogin } from "./digest.js";
import type { BreakOff } from "./exchange.js";
import { HttpFailure, shown } from "./failure.js";
import type { HttpRequest, RequestOptions } from "./request.js";
import type { Tls } from "./tls.js";

export interface Limits {
  /** Exchanges with one origin at a time. */
  readonly concurrency: number;
  /** At most `requests` begin in any `per` milliseconds, for each origin. */
  readonly rate?: { readonly requests: number; readonly per: number };
}

// Each may hold a request body; a house with more devices behind one host asks them less often.
const mostWaiting = 1000;

const priorities = { command: 1, poll: 0 } as const;

/** The way to one origin: who waits, and the connections. */
export class Lane {
  readonly #origin: URL;
  readonly #rate: Limits["rate"];
  readonly #queue: PQueue;
  readonly #free: Connection[];
  readonly #connections: readonly Connection[];
  readonly #open = new Set<AbortController>();
  readonly #waitingPolls = new Set<AbortController>();
  /** Exchanges in a row that reached nobody. */
  #missed = 0;
  /** When the last exchanges began, as many as `rate` counts, on the monotonic clock. */
  readonly #begun: number[] = [];
  #pause: NodeJS.Timeout | undefined;
  readonly #logins = new WeakMap<Auth, DigestLogin>();

  constructor(origin: URL, tls: Tls, { concurrency, rate }: Limits) {
    this.#origin = origin;
    this.#rate = rate;
    this.#queue = new PQueue({ concurrency });
    this.#connections = Array.from({ length: concurrency }, () => new Connection(origin, tls));
    this.#free = [...this.#connections];
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** The login by digest here, which goes on from one request with the same `auth` object to the next. */
  loginFor(auth: Auth | undefined): DigestLogin | undefined {
    if (auth?.kind !== "digest") return undefined;
    const login = this.#logins.get(auth) ?? new DigestLogin(auth);
    this.#logins.set(auth, login);
    return login;
  }

  /** Does `task` when it is its turn. The signal it gets has a `BreakOff` as reason. */
  async run<T>(
    { url, timeout }: Pick<HttpRequest, "url" | "timeout">,
    { signal, priority }: RequestOptions,
    task: (connection: Connection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#queue.sizeBy({ priority: priorities[priority] }) >= mostWaiting) {
      throw new HttpFailure("busy", `${this.#origin.origin} has ${mostWaiting} requests waiting for it`);
    }
    const place = shown(url);
    const ended = new AbortController();
    const onAbort = () => ended.abort({ kind: "cancelled", text: "was not waited for" } satisfies BreakOff);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    this.#open.add(ended);
    if (priority === "poll") this.#waitingPolls.add(ended);
    const exchange = async () => {
      this.#waitingPolls.delete(ended);
      try {
        const result = await this.#timed(ended, timeout, task);
        this.#missed = 0;
        return result;
      } catch (error) {
        if (error instanceof HttpFailure) this.#onFailure(error, place);
        throw error;
      }
    };
    try {
      return await this.#inTurn(ended, { place, priority: priorities[priority] }, exchange);
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#open.delete(ended);
      this.#waitingPolls.delete(ended);
    }
  }

  /** Ends everything, waiting or not. */
  async stop(): Promise<void> {
    clearTimeout(this.#pause);
    for (const ended of this.#open) {
      ended.abort({ kind: "cancelled", text: "was not waited for" } satisfies BreakOff);
    }
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  /** Who waits for a host that no connection reaches is told at once: one after another, many would learn of it late. */
  #onFailure({ kind, message, mayHaveHappened }: HttpFailure, place: string): void {
    if (kind === "cancelled") return;
    const isMissed = !mayHaveHappened && (kind === "unreachable" || kind === "timeout");
    this.#missed = isMissed ? this.#missed + 1 : 0;
    if (this.#missed < this.#connections.length) return;
    const text = message.replace(`${place} `, "");
    for (const ended of this.#waitingPolls) ended.abort({ kind, text } satisfies BreakOff);
  }

  async #inTurn<T>(
    ended: AbortController,
    { place, priority }: { readonly place: string; readonly priority: number },
    task: () => Promise<T>,
  ): Promise<T> {
    // The queue's own signal ends with the waiting: an exchange says itself how it was broken off.
    const waiting = new AbortController();
    const leave = () => {
      const { kind, text }: BreakOff = ended.signal.reason;
      waiting.abort(new HttpFailure(kind, `${place} ${text}`));
    };
    if (ended.signal.aborted) leave();
    ended.signal.addEventListener("abort", leave);
    return this.#queue.add(
      () => {
        ended.signal.removeEventListener("abort", leave);
        return task();
      },
      { priority, signal: waiting.signal },
    );
  }

  async #timed<T>(
    ended: AbortController,
    timeout: number,
    task: (connection: Connection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const connection = this.#free.pop();
    if (connection === undefined) throw new Error("more exchanges than connections");
    this.#keepPace();
    const timer = setTimeout(
      () =>
        ended.abort({ kind: "timeout", text: `did not answer in ${timeout / 1000} s` } satisfies BreakOff),
      timeout,
    );
    try {
      return await task(connection, ended.signal);
    } finally {
      clearTimeout(timer);
      this.#free.push(connection);
    }
  }

  // The queue's own rate looks at the clock on the wall, and a Pi's jumps.
  #keepPace(): void {
    if (this.#rate === undefined) return;
    const { requests, per } = this.#rate;
    const now = performance.now();
    this.#begun.push(now);
    if (this.#begun.length > requests) this.#begun.shift();
    const [oldest = now] = this.#begun;
    const wait = oldest + per - now;
    if (this.#begun.length < requests || wait <= 0) return;
    this.#queue.pause();
    this.#pause = setTimeout(() => this.#queue.start(), wait);
  }
}
