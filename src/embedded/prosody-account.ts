import { createHash, createHmac, pbkdf2Sync, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "../core/private-file.js";

/**
 * Creates an account in Prosody's own storage, hashed for SCRAM-SHA-1 (RFC 5802 §3). An account of
 * that name gets this password. `prosodyctl` would need the password in its arguments.
 */
export async function createAccount(
  dataPath: string,
  domain: string,
  user: string,
  password: string,
  iterations = 10_000,
): Promise<void> {
  const salt = randomUUID();
  const salted = pbkdf2Sync(password, salt, iterations, 20, "sha1");
  const clientKey = createHmac("sha1", salted).update("Client Key").digest();
  const fields = {
    salt,
    stored_key: createHash("sha1").update(clientKey).digest("hex"),
    server_key: createHmac("sha1", salted).update("Server Key").digest("hex"),
  };
  const lines = Object.entries(fields).map(([name, value]) => `\t["${name}"] = "${value}";\n`);
  const file = accountFile(dataPath, domain, user);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, `return {\n${lines.join("")}\t["iteration_count"] = ${iterations};\n};\n`);
}

export function accountFile(dataPath: string, domain: string, user: string): string {
  return join(dataPath, fileNameOf(domain), "accounts", `${fileNameOf(user)}.dat`);
}

/** How Prosody's internal storage spells a name on disk. */
function fileNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}
