// The floor from end to end: mqtt.js to a raw socket, without any logic between. Started with its way in JSON. Each state
// becomes a presence (or an item) at once; each message becomes a command, and the next state of that device its answer.
import { connectAsync } from "mqtt";
import { type ComponentPort, openComponent } from "../component.js";
import { commandTopic, deviceIn, stateFilter } from "../house.js";
import { messageTemplate, presenceTemplate, publishTemplate, type Template, type Way } from "../stanzas.js";

interface Parameters extends Way, ComponentPort {
  readonly devices: number;
  readonly mqttPort: number;
  /** `presence` unless said. */
  readonly face?: "presence" | "pubsub";
}

const parameters = JSON.parse(process.argv[2] ?? "") as Parameters;
const every = (make: (way: Way, index: number) => Template) =>
  Array.from({ length: parameters.devices }, (_, index) => make(parameters, index));
const states = every(
  parameters.face === "pubsub" ? (way, index) => publishTemplate(way, index, "item") : presenceTemplate,
);
const messages = every((way, index) => messageTemplate(way, index, "chat"));
const asked = new Set<number>();

const socket = await openComponent(parameters);
const broker = await connectAsync(`mqtt://${parameters.host}:${parameters.mqttPort}`);
if ("setNoDelay" in broker.stream && typeof broker.stream.setNoDelay === "function")
  broker.stream.setNoDelay(true);
broker.on("message", (topic, payload) => {
  const device = deviceIn(topic);
  const { stamp, power } = JSON.parse(payload.toString()) as { stamp: number; power: string };
  write(states[device], stamp);
  if (asked.delete(device)) write(messages[device], `power is ${power}`);
});
await broker.subscribeAsync(stateFilter);

let said = "";
socket.on("data", (bytes) => {
  said += bytes;
  for (const [message] of said.matchAll(/<message\b.*?<\/message>/gs)) {
    const device = deviceIn(/\sto=['"]([^'"]*)/.exec(message)?.[1] ?? "");
    const [, word = ""] = /<body>power (\w+)/.exec(message) ?? [];
    asked.add(device);
    broker.publish(commandTopic(device), word.toUpperCase());
  }
  said = said.slice(said.lastIndexOf("</message>") + 1).slice(-10_000);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

let waiting = "";
function write(template: Template | undefined, text: number | string): void {
  if (waiting === "") setImmediate(flush);
  const [head, tail] = template ?? ["", ""];
  waiting += head + text + tail;
}

function flush(): void {
  socket.write(waiting);
  waiting = "";
}
