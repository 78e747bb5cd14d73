import type { DeviceEvent, DeviceId } from "../core/device.js";
import type { DeviceView } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import type { Store } from "../core/store.js";
import type { Link } from "./link.js";
import { OwnNodes } from "./own-nodes.js";
import { ForeignNodeError, type PubsubService } from "./pubsub-node.js";
import { aNode, hasWork, type Item, type Node, postpone, startOver, wake } from "./pubsub-work.js";
import { eventData, sensorData } from "./sensor-data.js";
import { reasonOf, StanzaError } from "./stanza-error.js";
import { Window } from "./window.js";

/** How many publications are under way at once. Prosody works on one at a time, so that more only wait in it. */
const limits = { least: 16, most: 64, step: 1, quick: 8, slow: 50 };
const keptEvents = 100;
const waitingEventLimit = 1_000;

/**
 * Publishes each device whole to a node of its own, latest wins, and its events to a second one (XEP-0060). Node and
 * configuration are made sure of after every connect; a window of requests keeps the service busy, never flooded.
 */
export class Pubsub {
  readonly #link: Link;
  readonly #service: PubsubService;
  readonly #own: OwnNodes;
  readonly #log: Log;
  readonly #view: (id: DeviceId) => DeviceView | undefined;
  readonly #nameOf: (id: DeviceId) => string;
  readonly #members: () => ReadonlySet<string>;
  readonly #epoch: number;
  readonly #every: number;
  readonly #nodes = new Map<string, Node>();
  readonly #queue = new Set<Node>();
  readonly #gate = new RateGate();
  /** Nothing is asked of the service before all is to be published. */
  #isOpen = false;
  readonly #window = new Window(limits);
  #underWay = 0;
  #droppedEvents = 0;

  constructor(parts: {
    readonly link: Link;
    readonly service: PubsubService;
    readonly store: Store;
    readonly log: Log;
    readonly view: (id: DeviceId) => DeviceView | undefined;
    /** The node of a device; its events are at the same name with `/events`. */
    readonly nameOf: (id: DeviceId) => string;
    /** The bare JIDs that may view. */
    readonly members: () => ReadonlySet<string>;
    readonly epoch: number;
    /** Milliseconds between two publications of one device. */
    readonly every: number;
  }) {
    this.#link = parts.link;
    this.#service = parts.service;
    this.#own = new OwnNodes(parts.service, parts.store, parts.log);
    this.#log = parts.log;
    this.#view = parts.view;
    this.#nameOf = parts.nameOf;
    this.#members = parts.members;
    this.#epoch = parts.epoch;
    this.#every = parts.every;
  }

  /** Makes sure of every device's nodes again, and publishes all: the server may have lost anything. */
  publishAll(ids: Iterable<DeviceId>): void {
    this.#isOpen = true;
    for (const node of this.#nodes.values()) startOver(node);
    for (const id of ids) this.publish(id);
    for (const node of this.#nodes.values()) this.#enqueue(node);
    void this.#own.removeOthers((name) => this.#nodes.has(name));
  }

  /** Who may view changed: before anything more is published to a node, its members follow. */
  admit(): void {
    for (const node of this.#nodes.values()) {
      node.isAdmitted = false;
      // After a failure the next try is soon enough, but nothing waits for the turn of a publication.
      if (node.isReady) wake(node);
      this.#enqueue(node);
    }
  }

  publish(id: DeviceId): void {
    const view = this.#view(id);
    if (view === undefined) return;
    if ([...view.device.channels.values()].some((channel) => channel.value.kind === "event")) {
      this.#enqueue(this.#eventNode(id));
    }
    const node = this.#node(this.#nameOf(id), id, 1);
    node.isDirty = true;
    this.#enqueue(node);
  }

  publishEvent(id: DeviceId, channel: string, event: DeviceEvent, eventId: string, at: number): void {
    const node = this.#eventNode(id);
    if (node.events.length >= waitingEventLimit) {
      node.events.shift();
      this.#droppedEvents += 1;
      this.#warn("too many events wait for PubSub; the oldest is lost", {
        device: id,
        dropped: this.#droppedEvents,
      });
    }
    node.events.push({ id: eventId, payload: eventData(channel, event.type, at) });
    this.#enqueue(node);
  }

  /** Takes a device's nodes away. */
  withdraw(id: DeviceId): void {
    for (const node of [...this.#nodes.values()].filter((other) => other.device === id)) {
      this.#nodes.delete(node.name);
      this.#queue.delete(node);
      clearTimeout(node.timer);
      if (!node.isForeign) void this.#own.remove(node.name);
    }
  }

  stop(): void {
    for (const node of this.#nodes.values()) clearTimeout(node.timer);
    this.#queue.clear();
    this.#nodes.clear();
  }

  #node(name: string, device: DeviceId, keeps: number): Node {
    let node = this.#nodes.get(name);
    if (node === undefined) {
      node = aNode(name, device, keeps);
      this.#nodes.set(name, node);
    }
    return node;
  }

  #eventNode(id: DeviceId): Node {
    return this.#node(`${this.#nameOf(id)}/events`, id, keptEvents);
  }

  #enqueue(node: Node): void {
    if (node.isForeign || this.#nodes.get(node.name) !== node) return;
    if (!hasWork(node) || node.isBusy || node.timer !== undefined) return;
    const wait = node.notBefore - performance.now();
    if (wait > 0) {
      node.timer = setTimeout(() => {
        node.timer = undefined;
        this.#enqueue(node);
      }, wait);
      return;
    }
    this.#queue.add(node);
    this.#pump();
  }

  #pump(): void {
    if (!this.#isOpen) return;
    for (const node of this.#queue) {
      if (this.#underWay >= this.#window.size || this.#link.state !== "online") return;
      this.#queue.delete(node);
      node.isBusy = true;
      this.#underWay += 1;
      void this.#work(node).finally(() => {
        node.isBusy = false;
        this.#underWay -= 1;
        this.#enqueue(node);
        this.#pump();
      });
    }
  }

  async #work(node: Node): Promise<void> {
    const wasReady = node.isReady;
    try {
      await this.#makeSure(node);
      // A service may make a node anew for whoever publishes to one that was taken away meanwhile.
      if (this.#nodes.get(node.name) === node) await this.#tell(node);
      node.failures = 0;
    } catch (error) {
      this.#onFailure(node, error, wasReady);
    }
  }

  async #makeSure(node: Node): Promise<void> {
    if (!node.isReady) {
      await this.#own.prepare(node.name, node.keeps);
      node.isReady = true;
    }
    // Who may view can change while they are admitted.
    while (!node.isAdmitted) {
      node.isAdmitted = true;
      const isNew = await this.#service.admit(node.name, node.keeps, this.#members());
      node.isDirty ||= isNew && node.keeps === 1;
    }
  }

  async #tell(node: Node): Promise<void> {
    const event = node.events[0];
    if (event !== undefined) {
      await this.#publish(node, event);
      if (node.events[0] === event) node.events.shift();
      return;
    }
    const view = this.#view(node.device);
    if (!node.isDirty || view === undefined) return;
    node.isDirty = false;
    node.notBefore = performance.now() + this.#every;
    await this.#publish(node, { id: "current", payload: sensorData(view, this.#epoch) });
  }

  async #publish(node: Node, { id, payload }: Item): Promise<void> {
    const began = performance.now();
    await this.#service.publish(node.name, id, payload);
    this.#window.onAnswer(performance.now() - began, this.#queue.size > 0);
  }

  #onFailure(node: Node, error: unknown, wasReady: boolean): void {
    // Its device went meanwhile, and it with that.
    if (this.#nodes.get(node.name) !== node) return;
    if (error instanceof ForeignNodeError) {
      node.isForeign = true;
      this.#log.error(
        { node: node.name },
        "the PubSub node belongs to someone else; this device is not published",
      );
      return;
    }
    postpone(node, error, wasReady);
    this.#warn(`publishing failed and is tried again: ${sentenceOf(error)}`, { node: node.name });
  }

  /** Alike for hundreds of nodes when their service is away. */
  #warn(message: string, fields: object): void {
    const { allowed, suppressed } = this.#gate.allow(message);
    if (allowed) this.#log.warn({ ...fields, suppressed }, message);
  }
}

/** With the text of the service, if it has one. */
function sentenceOf(error: unknown): string {
  const text = error instanceof StanzaError && error.message !== "" ? ` (${error.message})` : "";
  return `${reasonOf(error)}${text}`;
}
