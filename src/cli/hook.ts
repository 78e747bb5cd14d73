import { createHash, randomBytes } from "node:crypto";
import { idPattern } from "../core/device.js";
import { GatewayError } from "../core/errors.js";
import { exitCode } from "./exit-code.js";

/** Makes a token for a webhook and prints it on standard output, alone; then how to use it. Returns the exit code. */
export function hook(name: string): number {
  if (!idPattern.test(name)) {
    throw new GatewayError(
      "value-invalid",
      `"${name}" cannot name a webhook; take small letters, digits and dashes, such as doorbell.`,
    );
  }
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  process.stdout.write(`${token}\n`);
  const lines = [
    "This token is told this once: give it to the device, and keep it like a password.",
    "In the address of the device, in the configuration:",
    `  hook: { name: ${name}, token: "sha256:${hash}" }`,
    "To try it, with the token in place of TOKEN and http.listen in place of 127.0.0.1:8480:",
    `  curl -X POST -H "Authorization: Bearer TOKEN" http://127.0.0.1:8480/hooks/${name}`,
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  return exitCode.done;
}
