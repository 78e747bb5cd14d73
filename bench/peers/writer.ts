// The floor: a raw socket that writes ready-made stanzas as fast as the server takes them. Started with its way in JSON;
// each message {kind, seconds, window} is a run, answered with the number of stanzas written.
import type { Socket } from "node:net";
import { microseconds } from "../clock.js";
import { type ComponentPort, openComponent } from "../component.js";
import { messageTemplate, presenceTemplate, publishTemplate, type Template, type Way } from "../stanzas.js";

export interface WriterRun {
  readonly kind: "presence" | "message" | "publish";
  readonly seconds: number;
  /** Publications under way at once. */
  readonly window: number;
}

interface Parameters extends Way, ComponentPort {
  readonly devices: number;
}

const stanzasPerPing = 256;
const pingsUnderWay = 4;
const parameters = JSON.parse(process.argv[2] ?? "") as Parameters;
const socket = await openComponent(parameters);
process.on("message", (run: WriterRun) => {
  const end = microseconds() + run.seconds * 1e6;
  const written = run.kind === "publish" ? publish(socket, run.window, end) : pour(socket, run.kind, end);
  written.then((count) => process.send?.({ written: count }));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

function templates(make: (way: Way, index: number) => Template): Template[] {
  return Array.from({ length: parameters.devices }, (_, index) => make(parameters, index));
}

/**
 * Messages and presence have no reply: a ping that the server routes back to us, now and then, tells how far it has come. So
 * the next run does not begin with what this one left.
 */
async function pour(to: Socket, kind: "presence" | "message", end: number): Promise<number> {
  const ready = templates(
    kind === "presence" ? presenceTemplate : (way, index) => messageTemplate(way, index, "headline"),
  );
  const { domain } = parameters;
  const ping = `<iq type="get" from="${domain}" to="${domain}" id="ping"><ping xmlns="urn:xmpp:ping"/></iq>`;
  let unanswered = 0;
  let onAnswer = () => {};
  const onData = (bytes: Buffer) => {
    unanswered -= repliesIn(bytes);
    onAnswer();
  };
  to.on("data", onData);
  let count = 0;
  while (microseconds() < end || unanswered > 0) {
    let text = ping;
    unanswered += 1;
    const stamp = microseconds();
    for (let each = 0; each < stanzasPerPing && stamp < end; each += 1, count += 1) {
      const [head, tail] = ready[count % ready.length] ?? ["", ""];
      text += head + stamp + tail;
    }
    to.write(text);
    while (unanswered >= pingsUnderWay || (microseconds() >= end && unanswered > 0)) {
      await new Promise<void>((resolve) => {
        onAnswer = resolve;
      });
    }
  }
  to.off("data", onData);
  return count;
}

function repliesIn(bytes: Buffer): number {
  return bytes.toString("latin1").match(/<iq\b/g)?.length ?? 0;
}

/** As many requests as the window has are always under way; a node has one at most, as order demands. */
function publish(to: Socket, window: number, end: number): Promise<number> {
  const ready = templates((way, index) => publishTemplate(way, index, String(index)));
  let next = 0;
  let count = 0;
  let underWay = 0;
  return new Promise((resolve) => {
    const send = (slots: number) => {
      const stamp = microseconds();
      let text = "";
      for (let each = 0; each < slots && stamp < end; each += 1, next += 1, underWay += 1) {
        const [head, tail] = ready[next % ready.length] ?? ["", ""];
        text += head + stamp + tail;
      }
      if (text !== "") to.write(text);
      if (underWay > 0) return;
      to.off("data", onData);
      resolve(count);
    };
    const onData = (bytes: Buffer) => {
      const replies = repliesIn(bytes);
      count += replies;
      underWay -= replies;
      send(replies);
    };
    to.on("data", onData);
    send(Math.min(window, ready.length));
  });
}
