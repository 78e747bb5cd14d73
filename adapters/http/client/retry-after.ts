const longest = 3_600_000;

/** Milliseconds that a Retry-After header asks for (RFC 9110 §10.2.3), at most an hour; undefined when it says nothing. */
export function retryAfterOf(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const isDate = /^[a-z]{3}/i.test(text);
  const wait = isDate ? Date.parse(text) - now : /^\d+$/.test(text) ? Number(text) * 1000 : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longest);
}
