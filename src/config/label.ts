const longest = 64;

/**
 * Text for people as it may be shown: one line of at most 64 visible characters, without control or direction
 * characters. Empty when nothing is left.
 */
export function cleanLabel(text: string): string {
  const clean = text
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(
      /[\p{Cs}\p{Cn}\p{Co}\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
      "",
    )
    .replace(/\s+/gu, " ")
    .trim();
  let shown = "";
  let count = 0;
  for (const { segment } of new Intl.Segmenter().segment(clean)) {
    if (++count > longest) break;
    // A letter under a hundred accents is one character to see and a page to print.
    shown += [...segment].slice(0, 16).join("");
  }
  return shown.trim();
}

/** `kitchen-lamp` is `Kitchen lamp`. */
export function labelOfId(id: string): string {
  const words = id.replace(/-+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
