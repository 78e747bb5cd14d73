/** One way of logging in that a server offers; its parameters by names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~\\w-]+";
const parameterSyntax = new RegExp(`[\\s,]*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]*))`, "y");
const schemeSyntax = new RegExp(`[\\s,]*(${token})`, "y");

/** Reads WWW-Authenticate (RFC 9110 §11.6.1), where several challenges and their parameters share the commas. */
export function challengesOf(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const next = (syntax: RegExp) => {
    syntax.lastIndex = at;
    const found = syntax.exec(header);
    if (found !== null) at = syntax.lastIndex;
    return found;
  };
  for (;;) {
    const parameter = next(parameterSyntax);
    if (parameter !== null) {
      const [, name = "", quoted, plain = ""] = parameter;
      const present = challenges.at(-1);
      if (present !== undefined) {
        present.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain;
      }
      continue;
    }
    const [, scheme] = next(schemeSyntax) ?? [];
    if (scheme === undefined) return challenges;
    challenges.push({ scheme, parameters: {} });
  }
}
