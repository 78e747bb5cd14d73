import parse from "jsonpath-rfc9535/parser";
import { z } from "zod";

/** Why this is no JSONPath, and what would be one, as the end of a sentence; `undefined` if it is one. */
export function jsonPathFault(source: string): string | undefined {
  const offset = breakIn(source);
  if (offset === undefined) return undefined;
  const repaired = repairs(source).find((path) => breakIn(path) === undefined);
  const cure =
    repaired === undefined
      ? 'write for example "$.temperature" or "$.list[0].name"'
      : `write ${JSON.stringify(repaired)}`;
  return `is no JSONPath: ${whatIsWrong(source, offset)}; ${cure}`;
}

function whatIsWrong(source: string, offset: number): string {
  if (!source.startsWith("$")) return 'it does not begin with "$"';
  if (offset >= source.length) return "it ends too early";
  return `${JSON.stringify(source[offset])} does not fit at its character ${offset + 1}`;
}

const failure = z.object({ location: z.object({ start: z.object({ offset: z.int() }) }) });

/** Where the source stops being a path. */
function breakIn(source: string): number | undefined {
  try {
    parse(source);
    return undefined;
  } catch (error) {
    return failure.safeParse(error).data?.location.start.offset ?? 0;
  }
}

/** What may have been meant, the likeliest first. Filters are too much to guess. */
function repairs(source: string): readonly string[] {
  const names = source.trim().replace(/^\$/, "");
  if (names === "" || names.includes("?")) return [];
  const path = `$${/^[.[]/.test(names) ? "" : "."}${names}`.replaceAll(".[", "[");
  return [
    path,
    // A name with other characters than letters, digits and "_" stands in brackets and quotes.
    path.replace(/\.([^.[\]'"]+)/g, (plain, name: string) =>
      /^[A-Za-z_]\w*$/.test(name) ? plain : `['${name}']`,
    ),
    path.replace(/\[([^\]'"]+)\]/g, "['$1']"),
  ];
}
