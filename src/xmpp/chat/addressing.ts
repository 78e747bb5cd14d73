import type { Target, Targets } from "./targets.js";
import { commandWord, questionWord, tokensOf } from "./words.js";

/** A text to the house, taken apart: whom it speaks of and what they are told. */
export interface Addressed {
  /** All that the name could mean; never empty. */
  readonly targets: readonly Target[];
  readonly name: string;
  /** Empty if the text is the name alone. */
  readonly command: string;
}

const longestName = 24;
/** `40 %` is two. */
const longestCommandWord = 2;

/** `TARGET: COMMAND`, then `COMMAND TARGET`, then `TARGET COMMAND`; of the names that fit, the longest. */
export function addressed(text: string, targets: Targets): Addressed | undefined {
  return (
    beforeColon(text, targets) ??
    afterCommand(text, targets) ??
    atStart(text, targets) ??
    afterSet(text, targets)
  );
}

function beforeColon(text: string, targets: Targets): Addressed | undefined {
  const colons = [...text.slice(0, 300).matchAll(/:(?=\s|$)/g)].map((match) => match.index);
  for (const colon of colons.reverse()) {
    const found = parted(text.slice(0, colon), text.slice(colon + 1), targets);
    if (found !== undefined) return found;
  }
  return undefined;
}

function afterCommand(text: string, targets: Targets): Addressed | undefined {
  for (const { end } of tokensOf(text).slice(0, longestCommandWord)) {
    const command = text.slice(0, end);
    if (commandWord(command) === undefined && questionWord(command) === undefined) continue;
    const found = parted(text.slice(end), command, targets);
    if (found !== undefined) return found;
  }
  return undefined;
}

function atStart(text: string, targets: Targets): Addressed | undefined {
  for (const { end } of tokensOf(text).slice(0, longestName).reverse()) {
    const found = parted(text.slice(0, end), text.slice(end), targets);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `set TARGET CHANNEL VALUE` */
function afterSet(text: string, targets: Targets): Addressed | undefined {
  const [, rest] = /^\s*set\s+(.+)$/is.exec(text) ?? [];
  const found = rest === undefined ? undefined : atStart(rest, targets);
  return found === undefined ? undefined : { ...found, command: `set ${found.command}` };
}

function parted(name: string, command: string, targets: Targets): Addressed | undefined {
  const found = targets.find(name);
  return found.length === 0 ? undefined : { targets: found, name: name.trim(), command: command.trim() };
}

/** The part of a text that nobody answers to, where its shape says which part is the name. */
export function unknownName(text: string): string {
  const tokens = tokensOf(text);
  const colon = /^(.{1,130}?):(?=\s|$)/s.exec(text);
  if (colon?.[1] !== undefined) return colon[1];
  for (const count of [2, 1]) {
    const first = tokens[count - 1];
    if (tokens.length > count && first !== undefined && commandWord(text.slice(0, first.end)) !== undefined) {
      return text.slice(first.end).trim();
    }
    const last = tokens.at(-count);
    if (tokens.length > count && last !== undefined && commandWord(text.slice(last.start)) !== undefined) {
      return text.slice(0, last.start).trim();
    }
  }
  return text.trim();
}
