import type { DeviceId } from "../core/device.js";
import { StanzaError } from "./stanza-error.js";
import type { Element } from "./xml.js";

const firstRetry = 1_000;
/** A service that comes back is to be found within 10 s; one that refuses us is not to be pestered. */
const longestRetry = { away: 8_000, refusing: 30_000 };

export interface Item {
  readonly id: string;
  readonly payload: Element;
}

/** One node, and what it still has to be told. At most one publication of it is under way, so order holds. */
export interface Node {
  readonly name: string;
  readonly device: DeviceId;
  readonly keeps: number;
  isReady: boolean;
  /** Its members are those who may view. */
  isAdmitted: boolean;
  isForeign: boolean;
  isBusy: boolean;
  /** The device changed since the last publication. */
  isDirty: boolean;
  readonly events: Item[];
  /** In a row. */
  failures: number;
  /** On the monotonic clock: not before this. */
  notBefore: number;
  timer: NodeJS.Timeout | undefined;
}

export function aNode(name: string, device: DeviceId, keeps: number): Node {
  const blank = { isReady: false, isAdmitted: false, isForeign: false, isBusy: false, isDirty: false };
  return { name, device, keeps, ...blank, events: [], failures: 0, notBefore: 0, timer: undefined };
}

export function hasWork({ isReady, isAdmitted, isDirty, events }: Node): boolean {
  return !isReady || !isAdmitted || isDirty || events.length > 0;
}

/** The server may have lost anything: the node is to be made sure of again, whoever it belonged to. */
export function startOver(node: Node): void {
  node.isReady = false;
  node.isAdmitted = false;
  node.isForeign = false;
  node.failures = 0;
  wake(node);
}

/** It may work at once. */
export function wake(node: Node): void {
  clearTimeout(node.timer);
  node.timer = undefined;
  node.notBefore = 0;
}

/** After a failure: all of it is made sure of and told again, in a while. */
export function postpone(node: Node, error: unknown, wasReady: boolean): void {
  node.isDirty = node.keeps === 1;
  node.isReady = false;
  node.isAdmitted = false;
  // A node that was there and is not any more is made again at once.
  const isLost = wasReady && error instanceof StanzaError && error.condition === "item-not-found";
  node.notBefore = isLost ? 0 : performance.now() + retryDelay(node.failures, error);
  node.failures += 1;
}

/** Milliseconds, doubling, with jitter: hundreds of nodes fail together. */
function retryDelay(failures: number, error: unknown): number {
  const isRefused = error instanceof StanzaError && (error.type === "auth" || error.type === "modify");
  const longest = isRefused ? longestRetry.refusing : longestRetry.away;
  return Math.min(firstRetry * 2 ** failures, longest) * (0.5 + Math.random() / 2);
}
