/** Of @xmpp/component 0.13 only what `src/xmpp/stream.ts` uses, replaces or switches off. */
declare module "@xmpp/component" {
  import type { EventEmitter } from "node:events";
  import type { Socket } from "node:net";
  import type { Element } from "ltx";

  export interface Component extends EventEmitter {
    /** Milliseconds for each of its own waits; 0 for none. */
    timeout: number;
    /** Emits `start` with the stream's header, `element` with each of its children, `end` and `error`. */
    Parser: new () => { write(chunk: Uint8Array): void };
    readonly reconnect: { stop(): void };
    open(options: { readonly domain: string }): Promise<Element>;
    write(text: string): Promise<void>;
    _attachSocket(socket: Socket): void;
    readonly parser: { write(chunk: Uint8Array): void } | null;
    _onData(chunk: Uint8Array): void;
    _onParserError(error: Error): void;
    _onStreamError(element: Element): void;
  }

  export function component(options: {
    readonly service: string;
    readonly domain: string;
    readonly password: (authenticate: (secret: string) => Promise<void>) => Promise<void>;
  }): Component;
}
