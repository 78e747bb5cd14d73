import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { onTestFinished, vi } from "vitest";
import type { HookRequest, Hooks } from "../../src/core/hooks.js";

const token = "9wNXw3Wl5dC0Yz0yT6gTt4Wn8yDOQyrf8u2QmS1pRcE";
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/**
 * Three webhooks: `bell` by a token, `url` by the same token and also with GET, `gate` by signatures. The clock stands at a
 * whole second, for nothing signed before the gateway's start is taken.
 */
export function openHooks(hooks: Hooks) {
  vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
  onTestFinished(() => void vi.useRealTimers());
  const door = hooks.door();
  const received: { readonly hook: string; readonly request: HookRequest }[] = [];
  const open = (hook: string, methods: readonly HookRequest["method"][], isSigned: boolean) =>
    door.open(hook, {
      device: hook,
      key: isSigned
        ? { kind: "signature", secret: Buffer.from(secret.replace("whsec_", ""), "base64") }
        : { kind: "token", digest: createHash("sha256").update(token).digest() },
      methods,
      receive: (request) => ({ event: `7-${received.push({ hook, request })}` }),
    });
  open("bell", ["POST"], false);
  open("url", ["GET", "POST"], false);
  open("gate", ["POST"], true);
  const signer = new Webhook(secret);
  const sign = (id: string, body: string, at = new Date()) => ({
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(at.getTime() / 1000)}`,
    "webhook-signature": signer.sign(id, at, body),
  });
  return { received, bell: { token }, gate: { sign } };
}
