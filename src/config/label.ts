const longest = 64;
/** Most labels are this, and clean as they stand; to take a text apart costs a hundred times as much. */
const plain = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const characters = new Intl.Segmenter();

/**
 * Text for people as it may be shown: one line of at most 64 visible characters, without control or direction
 * characters. Empty when nothing is left.
 */
export function cleanLabel(text: string): string {
  if (text.length <= longest && plain.test(text)) return text;
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
  for (const { segment } of characters.segment(clean)) {
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
