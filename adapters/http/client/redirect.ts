import { HttpFailure, shown } from "./failure.js";

/** How many redirects in a row are followed. */
export const mostRedirects = 3;

interface Step {
  readonly method: string;
  readonly url: URL;
}

/**
 * Where a redirect leads, and by which method (RFC 9110 §15.4); undefined when the answer is none. Throws where it may not be
 * followed: to another origin, for it would be told our secrets, or with a method whose repetition might do the deed twice.
 */
export function redirected(
  { method, url }: Step,
  status: number,
  location: string | undefined,
): Step | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const refuse = (text: string) =>
    new HttpFailure("redirect", `${shown(url)} ${text}`, { status, mayHaveHappened: status < 307 });
  if (location === undefined || !URL.canParse(location, url.href)) throw refuse("redirects to nowhere");
  const target = new URL(location, url);
  target.hash = "";
  if (target.origin !== url.origin) {
    throw refuse(
      `redirects to ${shown(target)}, which is another place; if it is the right one, write it in the configuration`,
    );
  }
  if (method === "GET" || method === "HEAD" || status >= 307) return { method, url: target };
  if (status === 303) return { method: "GET", url: target };
  throw refuse(`redirects ${method} to ${shown(target)}; write that in the configuration`);
}
