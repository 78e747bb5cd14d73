import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueSpec } from "../../src/core/value.js";
import { problemsOf, strict } from "../../src/schema.js";
import { type Conversion, conversionShape, jsonPath, misfits, scalar } from "../payload/conversion.js";
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
    extract: jsonPath.exactOptional(),
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
export interface ChannelAddress {
  /** A topic or a filter with wildcards. */
  readonly state?: string;
  readonly command?: string;
  readonly template?: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly conversion: Conversion;
}

export interface DeviceAddress {
  readonly topic?: string;
  readonly availability?: AvailabilityAddress;
}

export interface Read<Address> {
  readonly address?: Address;
  readonly problems: readonly Problem[];
}

/** Paths of the problems start at the address. A device needs none. */
export function readDeviceAddress(sealed: unknown): Read<DeviceAddress> {
  const parsed = deviceAddress.safeParse(sealed ?? {});
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const { topic: base, availability } = parsed.data;
  const problems: Problem[] = [];
  check(problems, ["topic"], base, topicFault);
  if (availability === undefined) return { address: parsed.data, problems };
  const filled = { ...availability, topic: fill(availability.topic, base) };
  if (check(problems, ["availability", "topic"], filled.topic, missingFault)) {
    check(problems, ["availability", "topic"], filled.topic, filterFault);
  }
  if (String(availability.online) === String(availability.offline)) {
    problems.push({ path: ["availability", "online"], message: "is the same as offline; they must differ" });
  }
  return { address: { ...parsed.data, availability: filled }, problems };
}

/** Paths of the problems start at the address. `base` is what `{topic}` stands for. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  base: string | undefined,
): Read<ChannelAddress> {
  const parsed = channelAddress.safeParse(sealed ?? {});
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const { state, command, template, qos, retain, ...conversion } = parsed.data;
  const address: ChannelAddress = {
    qos,
    retain,
    conversion,
    ...(state === undefined ? {} : { state: fill(state, base) }),
    ...(command === undefined ? {} : { command: fill(command, base) }),
    ...(template === undefined ? {} : { template }),
  };
  const problems = [...purposeProblems(spec, parsed.data), ...misfits(spec.kind, conversion)];
  if (check(problems, ["state"], address.state, missingFault))
    check(problems, ["state"], address.state, filterFault);
  if (check(problems, ["command"], address.command, missingFault)) {
    check(problems, ["command"], address.command, topicFault);
  }
  return { address, problems };
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

function fill(text: string, base: string | undefined): string {
  return base === undefined ? text : text.replaceAll("{topic}", base);
}

function missingFault(filled: string): string | undefined {
  return filled.includes("{topic}") ? "uses {topic}, but the device's address has no `topic`" : undefined;
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
