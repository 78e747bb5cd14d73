/** What one look brought to light. `fail` stops something from working, `warn` is to be known. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  /** What was found: a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** The findings of one check, which all bear its name. */
export function findingsOf(check: string) {
  return {
    ok: (text: string): Finding => ({ check, level: "ok", text }),
    warn: (text: string, cure: string): Finding => ({ check, level: "warn", text, cure }),
    fail: (text: string, cure: string): Finding => ({ check, level: "fail", text, cure }),
  };
}
