import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueSpec } from "../../src/core/value.js";
import { strict } from "../../src/schema.js";
import { type Conversion, conversionShape, misfits, scalar } from "../payload/conversion.js";
import { type Finding, findingShape, isFound, ways } from "../payload/finding.js";
import { fill, type Parameters, takeParameters } from "../payload/parameters.js";
import { purposeProblems } from "../payload/purpose.js";
import { readWords, strictBeside } from "../payload/words.js";
import { filterFault, topicFault } from "./topic-syntax.js";

export const qos = z.literal([0, 1, 2], "is no quality of service; write 0, 1 or 2");
export type Qos = z.output<typeof qos>;

const topic = z.string("is no topic; write a text such as kitchen/lamp/state");

const { extract, map } = conversionShape;

const topicMissing = "is missing; {topic} in the topics stands for it: write for example { topic: kitchen }";

const deviceShape = {
  availability: strict({
    topic,
    online: scalar.default("online"),
    offline: scalar.default("offline"),
    extract,
  })
    .describe("Where the device, or its will, says whether it is there.")
    .exactOptional(),
};
export type AvailabilityAddress = NonNullable<z.output<typeof deviceShape.availability>>;

/** What editors know: beside its own words, an address has those that the channels' addresses have in braces. */
export const deviceAddress = z
  .object({ topic: topic.describe("What {topic} in the topics stands for.").exactOptional(), ...deviceShape })
  .catchall(scalar);

const template = z.string("is no text; write for example '{\"state\": {value}}'");

const source = z.union([topic, strict({ topic, ...findingShape, map })], {
  error: "is no topic; write a text such as kitchen/lamp/state, or { topic, extract }",
});

export const channelAddress = strict({
  state: z
    .union([topic, z.array(source).min(1)], { error: "is no topic; write a text such as kitchen/lamp/state" })
    .describe("Where the channel reports: one topic, or several with words of their own.")
    .exactOptional(),
  command: topic.describe("The topic it listens on; this makes it writable.").exactOptional(),
  template: template.describe("The payload of a command, with {value} where the value goes.").exactOptional(),
  position: strict({ command: topic.exactOptional(), template: template.exactOptional() })
    .describe("Where and how a cover is told a position, where that differs from how it is told a word.")
    .exactOptional(),
  qos: qos.describe("For the subscription and for commands.").default(0),
  retain: z
    .boolean("is neither true nor false")
    .describe(
      "Lets the broker keep commands, so that the device acts again when it reconnects. Rarely right.",
    )
    .default(false),
  ...conversionShape,
});
type ChannelWords = z.output<typeof channelAddress>;

/** A topic or a filter with wildcards, and how to read what comes there. */
interface StateSource {
  readonly filter: string;
  readonly conversion: Conversion;
}

/** Where a command goes, and how it is written. */
interface CommandWay {
  readonly topic: string;
  readonly template: string | undefined;
}

export interface ChannelAddress {
  readonly sources: readonly StateSource[];
  readonly command: CommandWay | undefined;
  /** For the positions of a cover. */
  readonly position: CommandWay | undefined;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly conversion: Conversion;
}

interface DeviceAddress {
  readonly availability?: AvailabilityAddress;
}

interface Read<Address> {
  readonly address: Address | undefined;
  readonly problems: readonly Problem[];
}

/** Paths of the problems start at the address. The parameters are for the addresses of the device's `channels`. */
export function readDeviceAddress(
  sealed: unknown,
  channels: readonly unknown[],
): Read<DeviceAddress> & { readonly parameters: Parameters } {
  const {
    parameters,
    known,
    rest,
    problems: wrongParameters,
  } = takeParameters(sealed, channels, {
    own: Object.keys(deviceShape),
    faultOf: topicFault,
    always: { word: "topic", missing: topicMissing },
  });
  const { words, problems } = readWords(strictBeside(deviceShape, known), fill(rest, parameters));
  problems.push(...wrongParameters);
  if (words?.availability !== undefined) {
    const { topic: filter, online, offline } = words.availability;
    check(problems, ["availability", "topic"], filter, filterFault);
    if (String(online) === String(offline)) {
      problems.push({
        path: ["availability", "online"],
        message: "is the same as offline; they must differ",
      });
    }
  }
  return { address: words, problems, parameters };
}

/** Paths of the problems start at the address. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  parameters: Parameters,
): Read<ChannelAddress> {
  const { words, problems } = readWords(channelAddress, fill(sealed, parameters));
  if (words === undefined) return { address: undefined, problems };
  const { state, command: topic, template, position, qos, retain, ...conversion } = words;
  const command = topic === undefined ? undefined : { topic, template };
  // What seems to be missing may stand behind a misspelt key.
  if (problems.length === 0) problems.push(...contextProblems(spec, words));
  problems.push(...misfits(spec.kind, conversion));
  check(problems, ["command"], topic, topicFault);
  check(problems, ["position", "command"], position?.command, topicFault);
  return {
    address: {
      sources: sourcesOf(state, spec, conversion, problems),
      command,
      position: command &&
        position && { topic: position.command ?? command.topic, template: position.template },
      qos,
      retain,
      conversion,
    },
    problems,
  };
}

function sourcesOf(
  state: ChannelWords["state"],
  { kind }: ValueSpec,
  conversion: Conversion,
  problems: Problem[],
): readonly StateSource[] {
  const listed = Array.isArray(state) ? state : [];
  const given = typeof state === "string" ? [{ written: state, path: ["state"] }] : [];
  const all = [...given, ...listed.map((written, index) => ({ written, path: ["state", index] }))];
  return all.map(({ written, path }) => {
    if (typeof written === "string") {
      check(problems, path, written, filterFault);
      return { filter: written, conversion };
    }
    const { topic: filter, ...own } = written;
    check(problems, [...path, "topic"], filter, filterFault);
    problems.push(...misfits(kind, own).map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
    return { filter, conversion: beside(conversion, own) };
  });
}

/** The channel's words, with a topic's own in their place; its own way to find a value takes the place of any other. */
function beside(conversion: Conversion, own: Finding & Pick<Conversion, "map">): Conversion {
  const ofChannel = { ...conversion };
  if (isFound(own)) for (const way of ways) delete ofChannel[way];
  return { ...ofChannel, ...own };
}

const purpose = {
  read: "state",
  write: "command",
  noun: "topic",
  neither: "needs `state` (a topic to read), `command` (one to write), or both",
};

function contextProblems(
  { kind }: ValueSpec,
  { state, command, template, position, retain }: ChannelWords,
): readonly Problem[] {
  const problems = [
    ...purposeProblems(kind, { isRead: state !== undefined, isTold: command !== undefined }, purpose),
  ];
  if (position !== undefined && kind !== "cover")
    problems.push({ path: ["position"], message: `does not fit the kind ${kind}; it is for cover` });
  if (command === undefined) {
    const alone = Object.entries({ template, position, retain: retain || undefined });
    for (const [word, given] of alone)
      if (given !== undefined) problems.push({ path: [word], message: "needs a `command` topic beside it" });
  }
  return problems;
}

/** Adds what is wrong with a topic, if it is there. */
function check(
  problems: Problem[],
  path: Problem["path"],
  text: string | undefined,
  faultOf: (text: string) => string | undefined,
): void {
  const message = text === undefined ? undefined : faultOf(text);
  if (message !== undefined) problems.push({ path, message });
}
