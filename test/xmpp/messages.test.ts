import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { alice, Desk, lamp, mark, reply, written } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-22T08:00:00Z") });
  desk = new Desk();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("whom a message is for", () => {
  test("a device answers as chat, from its resource, to the bare address", async () => {
    expect(await desk.receive(written("on"))).toEqual([reply("You said: on")]);
    expect(desk.heard).toEqual([{ to: "lamp", text: "on", origin: { age: "fresh", id: "m1" } }]);
  });

  test("a normal message is answered as chat, too", async () => {
    expect(await desk.receive(written("on", "", "id='m1'"))).toEqual([reply("You said: on")]);
  });

  test("home and the bare domain are the house", async () => {
    const toHome = `<message from='${alice}/phone' to='Home@IOT.example.org/any' type='chat'><body>list</body></message>`;
    expect(await desk.receive(toHome)).toEqual([
      '<message from="home@iot.example.org/device" to="alice@example.org" type="chat" id="x"><body>You said: list</body></message>',
    ]);
    const toDomain = `<message from='${alice}/phone' to='iot.example.org' type='chat'><body>list</body></message>`;
    expect(await desk.receive(toDomain)).toEqual([
      '<message from="iot.example.org" to="alice@example.org" type="chat" id="x"><body>You said: list</body></message>',
    ]);
    expect(desk.heard.map(({ to }) => to)).toEqual(["the house", "the house"]);
  });

  test("the thread is kept", async () => {
    expect(await desk.receive(written("on", "<thread parent='p'>t1</thread>"))).toEqual([
      reply("You said: on", '<thread parent="p">t1</thread>'),
    ]);
  });
});

describe("what is not obeyed", () => {
  test.each([
    ["an error", written("on", "", "type='error'")],
    ["a headline", written("on", "", "type='headline'")],
    ["group chat", written("on", "", "type='groupchat'")],
    ["an unknown type", written("on", "", "type='shout'")],
    ["nothing written", written("  ")],
    [
      "no body",
      `<message from='${alice}' to='${lamp}' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    ],
    [
      "a carbon",
      written(
        "on",
        "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received>",
      ),
    ],
    ["a carbon of our own", written("on", "<sent xmlns='urn:xmpp:carbons:2'/>")],
    ["an archived message", written("on", "<result xmlns='urn:xmpp:mam:2' id='1'/>")],
    ["a forwarded message", written("on", "<forwarded xmlns='urn:xmpp:forward:0'/>")],
    [
      "our own domain",
      `<message from='tv@iot.example.org' to='${lamp}' type='chat'><body>on</body></message>`,
    ],
    ["a server", `<message from='example.org' to='${lamp}' type='chat'><body>on</body></message>`],
    [
      "keys without a message",
      `<message from='${alice}' to='${lamp}' type='chat'><encrypted xmlns='eu.siacs.conversations.axolotl'><header/></encrypted></message>`,
    ],
  ])("%s gets silence", async (_, xml) => {
    expect(await desk.receive(xml)).toEqual([]);
    expect(desk.heard).toEqual([]);
  });

  test("a message that asks for no carbons is a message", async () => {
    await desk.receive(written("on", "<private xmlns='urn:xmpp:carbons:2'/>"));
    expect(desk.heard).toHaveLength(1);
  });

  test("a correction is not carried out", async () => {
    expect(
      await desk.receive(written("off", "<replace xmlns='urn:xmpp:message-correct:0' id='m0'/>")),
    ).toEqual([
      reply("A correction is not carried out. If you want it done, send it again as a new message."),
    ]);
    expect(desk.heard).toEqual([]);
  });

  test("more than 4 KB is not read", async () => {
    const sent = await desk.receive(written("é".repeat(2049)));
    expect(sent).toEqual([reply("That is too long: 4098 bytes, and I read 4096 at most.")]);
    expect(desk.heard).toEqual([]);
    await desk.receive(written("é".repeat(2048), "", "type='chat' id='m2'"));
    expect(desk.heard).toHaveLength(1);
  });

  test.each([
    "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>AA==</payload></encrypted>",
    "<openpgp xmlns='urn:xmpp:openpgp:0'>AA==</openpgp>",
    "<x xmlns='jabber:x:encrypted'>AA==</x>",
    "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>",
  ])("encryption is refused once: %s", async (secret) => {
    const body =
      "Encryption is not supported here, so I could not read that. Please switch it off for this chat.";
    const request = "<request xmlns='urn:xmpp:receipts'/>";
    expect(await desk.receive(written("on", secret + request))).toEqual([reply(body)]);
    expect(await desk.receive(written("on", secret))).toEqual([]);
    expect(desk.heard).toEqual([]);
  });
});

describe("a repeat", () => {
  test("within ten minutes gets the first answer again and does nothing", async () => {
    const request = "<request xmlns='urn:xmpp:receipts'/>";
    await desk.receive(written("on", request));
    desk.answer = async () => "another";
    expect(await desk.receive(written("on", request))).toEqual([
      mark('<received xmlns="urn:xmpp:receipts" id="m1"/>'),
      reply("You said: on"),
    ]);
    expect(desk.heard).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600_000);
    await desk.receive(written("on"));
    expect(desk.heard).toHaveLength(2);
  });

  test("is known by its origin id, whatever the id of the stanza", async () => {
    const origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>";
    await desk.receive(written("on", origin, "type='chat' id='a'"));
    await desk.receive(written("on", origin, "type='chat' id='b'"));
    expect(desk.heard.map((heard) => heard.origin?.id)).toEqual(["o1"]);
  });

  test("from another resource of the same person is one, to another device is none", async () => {
    await desk.receive(written("on"));
    await desk.receive(written("on").replace("/phone", "/laptop"));
    expect(desk.heard).toHaveLength(1);
    await desk.receive(written("on").replace(lamp, "tv@iot.example.org"));
    expect(desk.heard).toHaveLength(2);
  });

  test("of an id with another text is refused", async () => {
    await desk.receive(written("on"));
    expect(await desk.receive(written("off"))).toEqual([
      reply("Your message had the id of another one, so nothing was done. Please write it again."),
    ]);
    expect(desk.heard).toHaveLength(1);
  });

  test("cannot be known without an id", async () => {
    await desk.receive(written("on", "", "type='chat'"));
    await desk.receive(written("on", "", "type='chat'"));
    expect(desk.heard).toHaveLength(2);
  });
});

describe("a stranger", () => {
  const asking = (to: string, from = "mallory@evil.example/x", id = "id='1'"): string =>
    `<message from='${from}' to='${to}' type='chat' ${id}><body>hello, who are you</body><request xmlns='urn:xmpp:receipts'/></message>`;

  test("gets one short sentence a minute, the same from every address", async () => {
    expect(await desk.receive(asking(lamp))).toEqual([
      '<message from="lamp@iot.example.org" to="mallory@evil.example" type="chat"><body>No access.</body></message>',
    ]);
    expect(await desk.receive(asking("invented@iot.example.org"))).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await desk.receive(asking("invented@iot.example.org"))).toEqual([
      '<message from="invented@iot.example.org" to="mallory@evil.example" type="chat"><body>No access.</body></message>',
    ]);
    expect(desk.heard).toEqual([]);
  });

  test("never gets more than they sent", async () => {
    const short = `<message from='m@e.x' to='${lamp}'><body>?</body></message>`;
    expect(await desk.receive(short)).toEqual([]);
  });

  test("one of very many gets silence, and none gets a second answer by it", async () => {
    let answers = 0;
    for (let n = 0; n < 1500; n += 1)
      answers += (await desk.receive(asking(lamp, `m${n}@evil.example/x`))).length;
    expect(answers).toBe(1000);
    expect(await desk.receive(asking(lamp, "m0@evil.example/x"))).toEqual([]);
  });
});

test("a failure inside is told in plain words, and logged", async () => {
  desk.answer = async () => {
    throw new Error("secret detail");
  };
  expect(await desk.receive(written("on"))).toEqual([
    reply("Something went wrong here; the log of the gateway says what."),
  ]);
  expect(desk.log.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    "error: a chat message failed",
  ]);
});
