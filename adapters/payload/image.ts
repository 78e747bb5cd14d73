import type { Image } from "../../src/core/value.js";

/** How files begin: the offset of the mark, the mark, what the file is. */
const marks: readonly (readonly [number, string, string])[] = [
  [0, "\xff\xd8\xff", "image/jpeg"],
  [0, "\x89PNG\r\n", "image/png"],
  [0, "GIF8", "image/gif"],
  [8, "WEBP", "image/webp"],
];

export function imageOf(bytes: Uint8Array): Image {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const found = marks.find(([offset, mark]) => head.startsWith(mark, offset));
  return { contentType: found?.[2] ?? "application/octet-stream", size: bytes.length };
}
