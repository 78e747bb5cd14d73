/** How a value lies in registers: by its type, most significant register first unless it is `little`. */
export interface Layout {
  readonly type: RegisterType;
  readonly order: "big" | "little";
}

interface Codec {
  readonly registers: number;
  read(bytes: Buffer): number;
  /** The least and the most that fits. */
  readonly range: readonly [number, number];
  write(bytes: Buffer, value: number): void;
}

const whole = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];
const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
/** Beyond this a number of JavaScript is not exact. */
const exact = Number.MAX_SAFE_INTEGER;
const largestFloat = 3.4028234663852886e38;

const codecs = {
  uint16: {
    registers: 1,
    range: whole(16),
    read: (bytes) => bytes.readUInt16BE(),
    write: (bytes, value) => bytes.writeUInt16BE(value),
  },
  int16: {
    registers: 1,
    range: signed(16),
    read: (bytes) => bytes.readInt16BE(),
    write: (bytes, value) => bytes.writeInt16BE(value),
  },
  uint32: {
    registers: 2,
    range: whole(32),
    read: (bytes) => bytes.readUInt32BE(),
    write: (bytes, value) => bytes.writeUInt32BE(value),
  },
  int32: {
    registers: 2,
    range: signed(32),
    read: (bytes) => bytes.readInt32BE(),
    write: (bytes, value) => bytes.writeInt32BE(value),
  },
  uint64: {
    registers: 4,
    range: [0, exact],
    read: (bytes) => Number(bytes.readBigUInt64BE()),
    write: (bytes, value) => bytes.writeBigUInt64BE(BigInt(value)),
  },
  int64: {
    registers: 4,
    range: [-exact, exact],
    read: (bytes) => Number(bytes.readBigInt64BE()),
    write: (bytes, value) => bytes.writeBigInt64BE(BigInt(value)),
  },
  float32: {
    registers: 2,
    range: [-largestFloat, largestFloat],
    // More digits than these are not the meter's.
    read: (bytes) => Number(bytes.readFloatBE().toPrecision(7)),
    write: (bytes, value) => bytes.writeFloatBE(value),
  },
  float64: {
    registers: 4,
    range: [-Number.MAX_VALUE, Number.MAX_VALUE],
    read: (bytes) => bytes.readDoubleBE(),
    write: (bytes, value) => bytes.writeDoubleBE(value),
  },
} as const satisfies Record<string, Codec>;

export type RegisterType = keyof typeof codecs;
export const registerTypes = Object.keys(codecs) as [RegisterType, ...RegisterType[]];

/** Of 16 bits each. */
export function registersOf({ type }: Layout): number {
  return codecs[type].registers;
}

/** `undefined` for what is no number, as devices say that they do not know. */
export function readRegisters({ type, order }: Layout, bytes: Buffer): number | undefined {
  const value = codecs[type].read(order === "big" ? bytes : turned(bytes));
  return Number.isFinite(value) ? value : undefined;
}

/** `undefined` for a value that the type cannot hold. Fractions are rounded where it has none. */
export function writtenRegisters({ type, order }: Layout, value: number): Buffer | undefined {
  const { registers, range, write }: Codec = codecs[type];
  const fitting = type.startsWith("float") ? value : Math.round(value);
  if (!(fitting >= range[0] && fitting <= range[1])) return undefined;
  const bytes = Buffer.alloc(registers * 2);
  write(bytes, fitting);
  return order === "big" ? bytes : turned(bytes);
}

/** The other register first; the bytes within each stay as they are. */
function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16().reverse();
}
