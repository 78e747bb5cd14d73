import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import type { Principal } from "../core/command.js";
import { GatewayError } from "../core/errors.js";
import { replaceFile } from "../core/private-file.js";
import type { Store } from "../core/store.js";
import { storedList } from "../core/stored-list.js";

const tokenRoles = ["viewer", "resident", "admin"] as const;
type TokenRole = (typeof tokenRoles)[number];

const document = "tokens";
const adminName = "admin";

interface Entry {
  readonly name: string;
  readonly role: TokenRole;
  /** SHA-256 of the token. It has 256 random bits, so nothing slower is needed. */
  readonly hash: Buffer;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** Whose token it is. */
interface TokenHolder {
  readonly name: string;
  readonly role: TokenRole;
  readonly principal: Principal;
}

/** The bearer tokens. Only hashes are kept: a token is told once, when it is made. */
export class Tokens {
  readonly #store: Store;
  #entries: readonly Entry[];

  /** Throws `GatewayError("config-invalid")` when the stored tokens are damaged: then nobody gets in. */
  constructor(store: Store) {
    this.#store = store;
    this.#entries = storedList(document, store.read(document), parseEntry, "all tokens are made anew");
  }

  verify(token: string): TokenHolder | undefined {
    const hash = hashOf(token);
    // All are compared, so that the time tells nothing.
    const [entry] = this.#entries.filter((candidate) => timingSafeEqual(candidate.hash, hash));
    return entry && { name: entry.name, role: entry.role, principal: principalOf(entry.name) };
  }

  /** The role of a principal that is a token. */
  roleOf(principal: Principal): TokenRole | undefined {
    return this.#entries.find((entry) => principalOf(entry.name) === principal)?.role;
  }

  /** Makes a token and resolves with it when its hash is on disk. */
  async create(name: string, role: TokenRole): Promise<string> {
    const token = newToken();
    await this.#add(name, role, token);
    return token;
  }

  /** In the order they were made. */
  list(): readonly Pick<Entry, "name" | "role" | "createdAt">[] {
    return this.#entries.map(({ name, role, createdAt }) => ({ name, role, createdAt }));
  }

  /**
   * From the call on, the token opens nothing. Resolves with true when that is on disk, with false when there is no
   * such token; when it rejects, a restart would bring the token back.
   */
  async revoke(name: string): Promise<boolean> {
    if (!this.#has(name)) return false;
    this.#entries = this.#entries.filter((entry) => entry.name !== name);
    await this.#save();
    return true;
  }

  /**
   * At the first start, writes an admin token to `<dataDirectory>/admin-token`, readable by the gateway's user alone.
   * Later it leaves the file as it is, also where it was removed. Resolves with the file's path.
   */
  async ensureAdminToken(dataDirectory: string): Promise<string> {
    const path = join(dataDirectory, "admin-token");
    if (this.#has(adminName)) return path;
    const token = newToken();
    // The file comes first: a hash without its token would lock everybody out.
    await replaceFile(path, `${token}\n`);
    await this.#add(adminName, "admin", token);
    return path;
  }

  #has(name: string): boolean {
    return this.#entries.some((entry) => entry.name === name);
  }

  async #add(name: string, role: TokenRole, token: string): Promise<void> {
    if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(name)) {
      throw new GatewayError(
        "value-invalid",
        `"${name}" cannot name a token; take up to 63 letters, digits, ".", "_" and "-".`,
      );
    }
    if (this.#has(name)) throw new GatewayError("value-invalid", `There is a token "${name}" already.`);
    const entry: Entry = { name, role, hash: hashOf(token), createdAt: new Date().toISOString() };
    this.#entries = [...this.#entries, entry];
    try {
      await this.#save();
    } catch (error) {
      this.#entries = this.#entries.filter((other) => other !== entry);
      throw error;
    }
  }

  #save(): Promise<void> {
    const tokens = this.#entries.map(({ hash, ...rest }) => ({ ...rest, hash: hash.toString("hex") }));
    return this.#store.write(document, { tokens });
  }
}

function principalOf(name: string): Principal {
  return `token:${name}`;
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function parseEntry(stored: unknown): Entry | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { name, role, hash, createdAt }: Partial<Record<keyof Entry, unknown>> = stored;
  const known = tokenRoles.find((candidate) => candidate === role);
  if (known === undefined || typeof name !== "string" || typeof createdAt !== "string") return undefined;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return { name, role: known, hash: Buffer.from(hash, "hex"), createdAt };
}
