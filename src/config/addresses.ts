import { isIP } from "node:net";
import { z } from "zod";

/** A host and a port to listen on. */
interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const domainPattern =
  /^(?=.{1,253}$)[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)*$/u;

export const domainName = z.string().transform((input, context) => {
  const domain = input.normalize("NFC").toLowerCase();
  if (domainPattern.test(domain)) return domain;
  context.addIssue(`${JSON.stringify(input)} is no domain; write one such as iot.example.org`);
  return z.NEVER;
});

/** One that certificates and file names can bear as it is. */
export const asciiDomainName = domainName.refine((domain) => /^[a-z0-9.-]+$/.test(domain), {
  error: "has letters beyond a-z; write one such as home.local",
});

/** A person's bare JID, normalised: what the server will stamp on their stanzas. */
export const bareJid = z.string().transform((input, context) => {
  const jid = input.normalize("NFC").toLowerCase();
  const [, local = "", domain = ""] = /^([^@]+)@([^@/]+)$/.exec(jid) ?? [];
  // RFC 7622 3.3.1: characters that a localpart cannot have.
  if (/^[^\s\p{C}"&'/:<>@]{1,256}$/u.test(local) && domainPattern.test(domain)) return jid;
  context.addIssue(
    jid.includes("/")
      ? `${JSON.stringify(input)} has a resource; write the bare address, such as alice@example.org`
      : `${JSON.stringify(input)} is no address; write one such as alice@example.org`,
  );
  return z.NEVER;
});

export const host = z.string().regex(/^[^\s/@]+$/, { error: "is no host name or IP address" });

export const port = z.int().min(1).max(65_535);

/** Text whose mistakes are told without it. */
export const secretText = z
  .string({ error: ({ input }) => (input === undefined ? undefined : "is no text; put it in quotes") })
  .min(1, "is empty");

/** `127.0.0.1:8480`, `[::1]:8480`, `localhost:8480`; port 0 is any free one. */
export const listenAddress = z.union([z.string(), z.number()]).transform((input, context): ListenAddress => {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(String(input)) ?? [];
  const at = bracketed ?? plain ?? "";
  const known = bracketed === undefined ? at === "localhost" || isIP(at) === 4 : isIP(at) === 6;
  if (known && Number(digits) <= 65_535) return { host: at, port: Number(digits) };
  context.addIssue(
    `${JSON.stringify(input)} is no address to listen on; write IP:PORT, such as 127.0.0.1:8480 or "[::1]:8480"`,
  );
  return z.NEVER;
});
