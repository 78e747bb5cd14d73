import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";

/** The content encodings that are read: RFC 9110 §8.4.1. */
export const accepted = "gzip, deflate, br";

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: (body, options) =>
    isZlib(body) ? promisify(inflate)(body, options) : promisify(inflateRaw)(body, options),
};

// RFC 9110 §8.4.1.2: some send the deflate data without its zlib wrapper. RFC 1950 §2.2: CM is 8, and the pair divides by 31.
function isZlib(body: Uint8Array): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** Why a body cannot be decoded. */
export class EncodingFault extends Error {
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge: boolean) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/** The body without its content encoding; it stops as soon as there are more than `limit` bytes. Rejects with an `EncodingFault`. */
export async function decode(body: Uint8Array, contentEncoding: string, limit: number): Promise<Uint8Array> {
  const names = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  // Each layer is one more body in memory, and nobody has use for two.
  if (names.length > 1) throw new EncodingFault(`encoded its answer more than once`, false);
  const [name] = names;
  if (name === undefined || body.length === 0) return body;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decoder === undefined) {
    throw new EncodingFault(
      `answered in the encoding ${JSON.stringify(name.slice(0, 20))}, which is not known here`,
      false,
    );
  }
  try {
    return await decoder(body, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError) throw new EncodingFault(`answered with more than ${limit} bytes`, true);
    throw new EncodingFault(`sent an answer that is no whole ${name}`, false);
  }
}
