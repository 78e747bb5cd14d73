import { randomInt } from "node:crypto";
import { access } from "node:fs/promises";
import { readPrivately, replaceFile } from "../core/private-file.js";
import { accountFile, createAccount } from "./prosody-account.js";

/** Makes `owner@<domain>` once. The account may get another password later; the file tells the first one. */
export async function keepOwner(dataPath: string, domain: string, passwordFile: string): Promise<void> {
  const kept = await readPrivately(passwordFile);
  const made = await access(accountFile(dataPath, domain, "owner")).then(
    () => true,
    () => false,
  );
  if (made) return;
  const password = kept ?? readablePassword();
  if (kept === undefined) await replaceFile(passwordFile, password);
  await createAccount(dataPath, domain, "owner", password);
}

/** Four groups of four, without the characters that look like others: 79 bits. */
function readablePassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("");
  return Array.from({ length: 4 }, group).join("-");
}
