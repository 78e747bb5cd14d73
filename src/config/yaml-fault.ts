import { type Document, visit, type YAMLParseError } from "yaml";

/** Where a text stops being YAML, and why, as the end of a sentence. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

interface Failure {
  readonly error: YAMLParseError;
  readonly document: Document.Parsed;
  readonly text: string;
  /** `line 2, column 7` */
  readonly placeOf: (offset: number) => string;
}

export function yamlFault(failure: Failure): YamlFault {
  const { error, text, placeOf } = failure;
  const offset = error.pos[0];
  const quote = openQuote(failure);
  if (quote !== undefined) {
    return {
      offset: quote,
      message: `the quotes that open here are never closed; add the other ${text[quote]}`,
    };
  }
  const bracket = openBracket(failure);
  if (bracket !== undefined) {
    const { at, closing } = bracket;
    const message = `the "${text[at]}" of ${placeOf(at)} is not closed; add "${closing}" before this, or indent what is in it deeper than its key`;
    return { offset, message };
  }
  return { offset, message: sentences[error.code] ?? byWhatStandsThere(text.slice(offset), error.code) };
}

const noKey =
  'this is no entry; write "key: value", with the space behind the colon, or "- " before it in a list';
const marks = 'text that begins with "&", "*" or "!" goes into quotes';

const sentences: Readonly<Partial<Record<YAMLParseError["code"], string>>> = {
  ALIAS_PROPS: marks,
  BAD_ALIAS: marks,
  BAD_DQ_ESCAPE: "a backslash means something within double quotes; write it twice, or use single quotes",
  BAD_INDENT: "this line begins in another column than those beside it; indent them alike",
  BAD_PROP_ORDER: marks,
  BLOCK_AS_IMPLICIT_KEY:
    'two keys run into each other; write each in a line of its own, in the same column, and text with ": " in quotes',
  BLOCK_IN_FLOW:
    'within { } and [ ], entries are divided by commas and have no "- " before them; is a comma missing?',
  MULTILINE_IMPLICIT_KEY: noKey,
  MULTIPLE_ANCHORS: marks,
  MULTIPLE_DOCS: 'a second document begins; remove the line "---"',
  MULTIPLE_TAGS: marks,
  TAB_AS_INDENT: "this line is indented with a tab; use spaces",
};

function byWhatStandsThere(rest: string, code: YAMLParseError["code"]): string {
  const [first = ""] = rest;
  switch (first) {
    case "}":
    case "]":
      return `there is a "${first}" too many, or its "${first === "}" ? "{" : "["}" is missing`;
    case "#":
      return 'a comment needs a space before its "#"';
    case "@":
    case "`":
    case "%":
      return `no text begins with "${first}"; put it in quotes`;
    default:
      return code === "MISSING_CHAR"
        ? noKey
        : "the value ended before this; put all of the text in quotes, or a comma between two entries";
  }
}

/** Where the quotes open that the end of the file closes. */
function openQuote({ error, document, text }: Failure): number | undefined {
  if (error.code !== "MISSING_CHAR") return undefined;
  let found: number | undefined;
  visit(document, {
    Scalar: (_, { range }) => {
      const [start, end] = range ?? [0, 0];
      const isOpen = end === start + 1 || text[end - 1] !== text[start];
      if (/["']/.test(text[start] ?? "") && end === error.pos[0] && isOpen) found = start;
    },
  });
  return found;
}

/** The innermost bracket that is open where the text breaks off. */
function openBracket({ error, document, text }: Failure): { at: number; closing: string } | undefined {
  if (error.code !== "BAD_INDENT" && error.code !== "MISSING_CHAR") return undefined;
  const open: { at: number; closing: string; isSure: boolean }[] = [];
  visit(document, {
    Collection: (_, { flow, range }) => {
      const [at, end] = range ?? [0, 0];
      if (flow !== true || end !== error.pos[0]) return;
      const closing = text[at] === "{" ? "}" : "]";
      open.push({ at, closing, isSure: text[end - 1] !== closing });
    },
  });
  // At the end of a file, the last bracket may be that of one within it.
  return open.findLast(({ isSure }) => isSure) ?? open[0];
}
