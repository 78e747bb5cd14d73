import type { HttpRequest } from "./request.js";

interface Validators {
  /** Of the URL that answered, which is another one after a redirect. */
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
}

// A longer one is no validator that is worth its memory.
const longest = 1000;

/** What servers said by which they know their last answer again (RFC 9110 §8.8), for each request object. */
export class ValidatorMemory {
  readonly #known = new WeakMap<HttpRequest, Validators>();

  /** The headers that ask for changes only. */
  conditionsOf(request: HttpRequest, { href }: URL): Readonly<Record<string, string>> {
    const known = this.#known.get(request);
    return known?.href === href ? known.headers : {};
  }

  remember(request: HttpRequest, { href }: URL, answer: Readonly<Record<string, string>>): void {
    const { etag, "last-modified": lastModified } = answer;
    const headers = {
      ...(isKept(etag) && { "if-none-match": etag }),
      ...(isKept(lastModified) && { "if-modified-since": lastModified }),
    };
    this.#known.set(request, { href, headers });
  }
}

function isKept(validator: string | undefined): validator is string {
  return validator !== undefined && validator.length <= longest;
}
