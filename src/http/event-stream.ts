import { Readable } from "node:stream";
import type { Frame } from "./replay.js";

const chunkSize = 32_768;

/** Why a stream tells everything as it is now instead of what was missed. */
export type SnapshotReason = "other-epoch" | "too-old" | "unknown" | "fell-behind";

/** Where a stream begins: after what its reader knows already, or with a snapshot. */
export type StreamStart = { readonly after: number } | { readonly snapshot: SnapshotReason };

/** What a stream is fed from. */
export interface StreamSource {
  /** Whether the reader's token is still good. */
  isOpen(): boolean;
  /** Whether all frames after `seq` are still kept. */
  reachesBackTo(seq: number): boolean;
  after(seq: number): Iterable<Frame>;
  /** All that is known now, in order of `seq`, and the `seq` of what was told last. */
  snapshot(): { readonly frames: readonly Frame[]; readonly seq: number };
  /** The frame as text, empty where the reader may not hear it. */
  text(frame: Frame): string;
  id(seq: number): string;
}

/**
 * The server-sent events of one reader. It queues nothing: it knows how far it came, and takes what follows from the
 * source when the socket has room. Who is slower than what the source keeps gets a snapshot, like one who was away.
 */
export class EventStream extends Readable {
  readonly #source: StreamSource;
  /** What goes out before all else. */
  #opening = "retry: 3000\n";
  #told = 0;
  /** What is left of a snapshot, and where the stream goes on after it. */
  #snapshot: { readonly rest: Iterator<Frame>; readonly seq: number } | undefined;
  #hasRoom = false;
  #isOver = false;
  #quietTicks = 0;

  constructor(source: StreamSource, start: StreamStart) {
    super({ highWaterMark: chunkSize });
    this.#source = source;
    if ("snapshot" in start) this.#begin(start.snapshot);
    else this.#goOnAfter(start.after);
  }

  override _read(): void {
    this.#hasRoom = true;
    this.pump();
  }

  /** Hands on what the reader has not been told yet, as far as there is room. */
  pump(): void {
    if (!this.#source.isOpen()) this.end();
    while (this.#hasRoom && !this.#isOver) {
      const chunk = this.#nextChunk();
      if (chunk === "") return;
      this.#write(chunk);
    }
  }

  /** To be called every few seconds. Returns false when the reader has taken nothing for `patience` calls. */
  tick({ heartbeat, patience }: { readonly heartbeat: number; readonly patience: number }): boolean {
    this.#quietTicks += 1;
    this.pump();
    if (this.#isOver) return true;
    if (!this.#hasRoom) return this.#quietTicks < patience;
    if (this.#quietTicks >= heartbeat) this.#write(":\n\n");
    return true;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  #write(chunk: string): void {
    this.#quietTicks = 0;
    this.#hasRoom = this.push(chunk);
  }

  #begin(reason: SnapshotReason): void {
    const { frames, seq } = this.#source.snapshot();
    this.#snapshot = { rest: frames[Symbol.iterator](), seq };
    this.#opening += `event: snapshot\ndata: ${JSON.stringify({ reason })}\n\n`;
  }

  /** An id without an event: who loses the connection before the next event can resume from here. */
  #goOnAfter(seq: number): void {
    this.#snapshot = undefined;
    this.#told = seq;
    this.#opening += `id: ${this.#source.id(seq)}\n\n`;
  }

  #nextChunk(): string {
    if (!this.#source.reachesBackTo(this.#snapshot?.seq ?? this.#told)) this.#begin("fell-behind");
    let chunk = this.#takeOpening();
    while (this.#snapshot !== undefined) {
      if (chunk.length >= chunkSize) return chunk;
      const { done, value: frame } = this.#snapshot.rest.next();
      if (done === true) this.#goOnAfter(this.#snapshot.seq);
      else chunk += this.#source.text(frame);
    }
    chunk += this.#takeOpening();
    for (const frame of this.#source.after(this.#told)) {
      if (chunk.length >= chunkSize) break;
      this.#told = frame.seq;
      chunk += this.#source.text(frame);
    }
    return chunk;
  }

  #takeOpening(): string {
    const opening = this.#opening;
    this.#opening = "";
    return opening;
  }
}
