import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueSpec } from "../../src/core/value.js";
import { problemsOf, strict } from "../../src/schema.js";
import { type Conversion, conversionShape, misfits, scalar } from "../payload/conversion.js";
import { filterFault, topicFault } from "./topic-syntax.js";

export const qos = z.literal([0, 1, 2], "is no quality of service; write 0, 1 or 2");
export type Qos = z.output<typeof qos>;

const topic = z.string("is no topic; write a text such as kitchen/lamp/state");

const deviceAddress = strict({
  /** What `{topic}` in the channels' topics stands for. */
  topic: topic.exactOptional(),
  availability: strict({
    topic,
    online: scalar.default("online"),
    offline: scalar.default("offline"),
    extract: conversionShape.extract,
  }).exactOptional(),
});
export type AvailabilityAddress = NonNullable<z.output<typeof deviceAddress>["availability"]>;

const channelAddress = strict({
  state: topic.exactOptional(),
  command: topic.exactOptional(),
  template: z.string("is no text; write for example '{\"state\": {value}}'").exactOptional(),
  qos: qos.default(0),
  retain: z.boolean("is neither true nor false").default(false),
  ...conversionShape,
});
type ChannelWords = z.output<typeof channelAddress>;

/** A channel's topics with `{topic}` filled in. */
interface ChannelAddress {
  /** A topic or a filter with wildcards. */
  readonly state?: string;
  readonly command?: string;
  readonly template?: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly conversion: Conversion;
}

interface DeviceAddress {
  readonly topic?: string;
  readonly availability?: AvailabilityAddress;
}

interface Read<Address> {
  readonly address: Address | undefined;
  readonly problems: readonly Problem[];
}

/** What `{topic}` is filled with where the device's own is missing or wrong: one mistake, told once. */
const standIn = "unknown";

/** Paths of the problems start at the address. A device needs none, unless one of its `channels` says `{topic}`. */
export function readDeviceAddress(
  sealed: unknown,
  channels: readonly unknown[],
): Read<DeviceAddress> & { readonly base: string } {
  const { words, problems } = readWords(deviceAddress, sealed);
  const { topic: own, availability } = words ?? {};
  const isFit = check(problems, ["topic"], own, topicFault);
  if (own === undefined && problems.length === 0 && [words?.availability, ...channels].some(saysTopic)) {
    problems.push({ path: ["topic"], message: topicMissing });
  }
  const base = isFit && own !== undefined ? own : standIn;
  if (words === undefined || availability === undefined) return { address: words, problems, base };
  const filled = { ...availability, topic: fill(availability.topic, base) };
  check(problems, ["availability", "topic"], filled.topic, filterFault);
  if (String(availability.online) === String(availability.offline)) {
    problems.push({ path: ["availability", "online"], message: "is the same as offline; they must differ" });
  }
  return { address: { ...words, availability: filled }, problems, base };
}

/** Paths of the problems start at the address. `base` is what `{topic}` stands for. */
export function readChannelAddress(spec: ValueSpec, sealed: unknown, base: string): Read<ChannelAddress> {
  const { words, problems } = readWords(channelAddress, sealed);
  if (words === undefined) return { address: undefined, problems };
  const { state, command, template, qos, retain, ...conversion } = words;
  const address: ChannelAddress = {
    qos,
    retain,
    conversion,
    ...(state === undefined ? {} : { state: fill(state, base) }),
    ...(command === undefined ? {} : { command: fill(command, base) }),
    ...(template === undefined ? {} : { template }),
  };
  // What seems to be missing may stand behind a misspelt key.
  if (problems.length === 0) problems.push(...purposeProblems(spec, words));
  problems.push(...misfits(spec.kind, conversion));
  check(problems, ["state"], address.state, filterFault);
  check(problems, ["command"], address.command, topicFault);
  return { address, problems };
}

/** The words of an address; where some are wrong, the others. */
function readWords<Words>(
  schema: z.ZodType<Words>,
  sealed: unknown,
): { readonly words: Words | undefined; readonly problems: Problem[] } {
  const parsed = schema.safeParse(sealed ?? {});
  if (parsed.success) return { words: parsed.data, problems: [] };
  const problems = problemsOf(parsed.error);
  const wrong = new Set(problems.map(({ path }) => path[0]));
  if (wrong.has(undefined)) return { words: undefined, problems };
  const others = Object.entries(Object(sealed)).filter(([word]) => !wrong.has(word));
  return { words: schema.safeParse(Object.fromEntries(others)).data, problems };
}

const readOnlyKinds: readonly ValueSpec["kind"][] = ["contact", "location", "image", "event"];

/** Whether the channel can be read and written as its kind allows. */
function purposeProblems({ kind }: ValueSpec, { state, command, template, retain }: ChannelWords): Problem[] {
  const problems: Problem[] = [];
  if (kind === "button") {
    if (state !== undefined)
      problems.push({ path: ["state"], message: "does not fit the kind button, which has no state" });
    if (command === undefined)
      problems.push({ path: ["command"], message: "is missing; the kind button needs its topic" });
  } else if (readOnlyKinds.includes(kind)) {
    if (state === undefined)
      problems.push({ path: ["state"], message: `is missing; the kind ${kind} needs its topic` });
    if (command !== undefined) {
      problems.push({ path: ["command"], message: `does not fit the kind ${kind}, which can only be read` });
    }
  } else if (state === undefined && command === undefined) {
    problems.push({
      path: [],
      message: "needs `state` (a topic to read), `command` (one to write), or both",
    });
  }
  if (command === undefined) {
    if (template !== undefined)
      problems.push({ path: ["template"], message: "needs a `command` topic beside it" });
    if (retain) problems.push({ path: ["retain"], message: "needs a `command` topic beside it" });
  }
  return problems;
}

const placeholder = "{topic}";
const topicMissing = "is missing; {topic} in the topics stands for it: write for example { topic: kitchen }";

/** Whether one of the texts in a sealed address has `{topic}` in it. */
function saysTopic(sealed: unknown): boolean {
  const { topic, state, command } = Object(sealed);
  return [topic, state, command].some((text) => typeof text === "string" && text.includes(placeholder));
}

function fill(text: string, base: string): string {
  return text.replaceAll(placeholder, base);
}

/** Adds what is wrong with a topic, if it is there; returns whether it is right. */
function check(
  problems: Problem[],
  path: readonly string[],
  text: string | undefined,
  faultOf: (text: string) => string | undefined,
): boolean {
  const message = text === undefined ? undefined : faultOf(text);
  if (message !== undefined) problems.push({ path, message });
  return message === undefined;
}
