import iconv from "iconv-lite";
import { z } from "zod";
import { GatewayError } from "../../src/core/errors.js";

const encodings = [
  "utf8",
  "ascii",
  "latin1",
  "iso-8859-2",
  "iso-8859-5",
  "iso-8859-7",
  "iso-8859-9",
  "iso-8859-15",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1257",
  "cp437",
  "cp850",
  "cp852",
  "cp866",
  "koi8-r",
  "koi8-u",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gbk",
  "gb18030",
  "big5",
] as const;

/** The character sets that a device may write in. */
export const encoding = z.enum(encodings);
export type Encoding = z.output<typeof encoding>;

export interface Charset {
  /** Bytes that mean nothing in the set become U+FFFD. */
  decode(bytes: Uint8Array): string;
  /** Throws "value-invalid" where the set lacks a character. */
  encode(text: string): Uint8Array;
}

export function charsetOf(name: Encoding): Charset {
  const decode = (bytes: Uint8Array) => iconv.decode(bytes, name);
  return {
    decode,
    encode(text) {
      const bytes = iconv.encode(text, name);
      // The library writes "?" for what it lacks; what cannot be read back was not written. A mark of the byte order is.
      if (iconv.decode(bytes, name, { stripBOM: false }) === text) return bytes;
      const lacking = [...text].find((character) => !canWrite(character, name));
      throw new GatewayError(
        "value-invalid",
        `${JSON.stringify(lacking ?? text)} cannot be written in ${name}; use other characters`,
      );
    },
  };
}

function canWrite(character: string, name: Encoding): boolean {
  return iconv.decode(iconv.encode(character, name), name, { stripBOM: false }) === character;
}
