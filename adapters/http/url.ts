/** What commands fill in; everything else in braces is a parameter of the device. */
const ofCommands = /\{(value|red|green|blue|x|y)\}/;
const parameter = /\{([A-Za-z][\w-]*)\}/;
const dotSegment = /(^|\/)(\.|%2e){1,2}(?=[/?#]|$)/i;

/** Why nobody can be asked at this URL, as the end of a sentence; `undefined` if one can. It may have `{value}` in it. */
export function urlFault(written: string): string | undefined {
  const text = written.replace(new RegExp(ofCommands, "g"), "0");
  if (!/^https?:\/\/[^/?#]/i.test(text))
    return "is no URL of a device; write http://HOST/PATH or https://HOST/PATH";
  const [, word] = parameter.exec(text) ?? [];
  if (word !== undefined)
    return `has {${word}} in it, which stands for nothing; write \`${word}\` in the device's address`;
  // A command must not choose whom it goes to.
  const [authority = ""] = /^https?:\/\/[^/?#]*/i.exec(written) ?? [];
  if (ofCommands.test(authority)) return "has a value in its host; it may stand behind the host only";
  if (!URL.canParse(text)) return "is no URL; write for example http://192.0.2.7/status";
  const { username, password, hash } = new URL(text);
  if (username !== "" || password !== "") return "has a user or password in it; use `auth`";
  if (hash !== "") return "has a # in it, and what follows is never sent; leave it out, or write %23";
  if (hasDotSegment(text)) return 'has "." or ".." in its path; write the path that is meant';
  return undefined;
}

/** Whether a part of the path is "." or "..", and the path therefore another one than it seems. */
export function hasDotSegment(text: string): boolean {
  return dotSegment.test(text.replace(/^https?:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, ""));
}
