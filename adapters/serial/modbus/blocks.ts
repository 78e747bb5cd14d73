import type { ChannelId } from "../../../src/core/device.js";
import { mostIn, type Table } from "./frames.js";

/** Where one channel is read. */
export interface Place {
  readonly channel: ChannelId;
  readonly table: Table;
  /** As it stands in the request: the first is 0. */
  readonly register: number;
  /** Registers, or bits. */
  readonly count: number;
  /** The value that these bytes hold (of a bit one byte, 0 or 1); `undefined` where they hold none. Throws "value-invalid". */
  read(bytes: Buffer): unknown;
}

/** What one request reads. */
export interface Block {
  readonly table: Table;
  readonly first: number;
  readonly count: number;
  readonly places: readonly Place[];
}

/** Puts together what lies side by side, with at most `gap` registers between that nobody wants. */
export function blocksOf(places: readonly Place[], gap: number): readonly Block[] {
  const blocks: Block[] = [];
  const inOrder = [...places].sort((a, b) => a.table.localeCompare(b.table) || a.register - b.register);
  for (const place of inOrder) {
    const { table, register, count } = place;
    const last = blocks.at(-1);
    const end = last === undefined ? 0 : last.first + last.count;
    const joined = last === undefined ? count : Math.max(end, register + count) - last.first;
    if (last?.table === table && register <= end + gap && joined <= mostIn[table]) {
      blocks[blocks.length - 1] = { ...last, count: joined, places: [...last.places, place] };
    } else {
      blocks.push({ table, first: register, count, places: [place] });
    }
  }
  return blocks;
}

/** Of the bytes that a read of the block gave, those of one place. */
export function bytesAt({ first }: Block, { table, register, count }: Place, data: Buffer): Buffer {
  const offset = register - first;
  if (table === "holding" || table === "input") return data.subarray(offset * 2, (offset + count) * 2);
  const bit = ((data[offset >> 3] ?? 0) >> (offset & 7)) & 1;
  return Buffer.from([bit]);
}
