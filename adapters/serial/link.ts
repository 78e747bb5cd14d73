import type { LinkState } from "../../src/core/adapter.js";
import { retryDelay } from "../../src/core/backoff.js";
import { messageOf } from "../../src/core/errors.js";
import { inUrl } from "../../src/core/host.js";
import { openPort, type Port } from "./port.js";
import type { OpenPort } from "./protocol.js";
import type { PortServer, Settings } from "./settings.js";
import { StableName } from "./stable-name.js";

// What is plugged in again is to be found within 10 s.
const patience = { first: 1000, longest: 8000 };
/** Milliseconds after which a port counts as having worked. */
const settledAfter = 10_000;

interface LinkListener {
  onState(state: LinkState, detail: string): void;
  onOpen(port: OpenPort): void;
  onBytes(bytes: Uint8Array): void;
  /** The port that `onOpen` told of is gone. */
  onClose(): void;
}

/** The way to one port: opens it, and again after each loss, until `stop`. */
export class PortLink {
  readonly #settings: Settings;
  readonly #listener: LinkListener;
  /** One for each start, aborted by `stop`: what was begun before is not ours any more. */
  #run: AbortController | undefined;
  readonly #place: StableName | PortServer;
  #port: Port | undefined;
  #opening: Promise<void> = Promise.resolve();
  #ending: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #attempts = 0;
  #openSince = 0;

  constructor(settings: Settings, listener: LinkListener) {
    this.#settings = settings;
    this.#place = typeof settings.path === "string" ? new StableName(settings.path) : settings.path;
    this.#listener = listener;
  }

  start(): void {
    if (this.#run !== undefined) return;
    this.#run = new AbortController();
    this.#attempts = 0;
    this.#listener.onState("connecting", "");
    this.#begin(this.#run);
  }

  /** Resolves when the port is free for others. */
  async stop(): Promise<void> {
    this.#run?.abort();
    this.#run = undefined;
    clearTimeout(this.#retry);
    const port = this.#port;
    this.#port = undefined;
    if (port !== undefined) {
      this.#listener.onClose();
      this.#ending = port.close();
    }
    await Promise.all([this.#opening, this.#ending]);
  }

  get #name(): string {
    const place = this.#place;
    return "host" in place ? `tcp://${inUrl(place.host)}:${place.port}` : place.path;
  }

  /** One attempt after the other, so that none finds the port taken by the one before. */
  #begin(run: AbortController): void {
    const before = Promise.all([this.#opening, this.#ending]);
    this.#opening = before.then(() => this.#open(run));
  }

  async #open(run: AbortController): Promise<void> {
    if (this.#run !== run) return;
    const listener = {
      onBytes: (bytes: Uint8Array) => this.#listener.onBytes(bytes),
      onLost: (text: string) => this.#onLost(run, text),
    };
    try {
      const port = await openPort(this.#settings, this.#place, listener, run.signal);
      if (this.#run !== run) {
        await port.close();
        return;
      }
      this.#port = port;
      this.#openSince = performance.now();
      this.#listener.onState("online", "");
      this.#listener.onOpen(port);
    } catch (error) {
      this.#onLost(run, messageOf(error));
    }
  }

  #onLost(run: AbortController, text: string): void {
    if (this.#run !== run) return;
    if (this.#port !== undefined) {
      this.#ending = this.#port.close();
      this.#port = undefined;
      if (performance.now() - this.#openSince >= settledAfter) this.#attempts = 0;
      this.#listener.onClose();
    }
    this.#retry = setTimeout(() => this.#begin(run), retryDelay(this.#attempts, patience));
    this.#attempts += 1;
    this.#listener.onState("offline", `${this.#name}: ${text}`);
  }
}
