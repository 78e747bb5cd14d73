import { isWildcard } from "./topic-syntax.js";

interface Node<Target> {
  readonly children: Map<string, Node<Target>>;
  readonly targets: Target[];
}

/**
 * Finds what belongs to a topic: by one look into a map for plain topics, by a walk of at most a few branches for
 * wildcards, however many there are of either.
 */
export class Topics<Target> {
  readonly #plain = new Map<string, Target[]>();
  readonly #wild: Node<Target> = aNode();
  #hasWild = false;

  add(filter: string, target: Target): void {
    if (isWildcard(filter)) {
      this.#hasWild = true;
      this.#nodeOf(filter).targets.push(target);
      return;
    }
    const targets = this.#plain.get(filter);
    if (targets === undefined) this.#plain.set(filter, [target]);
    else targets.push(target);
  }

  match(topic: string): readonly Target[] {
    const plain = this.#plain.get(topic) ?? [];
    if (!this.#hasWild) return plain;
    const found = [...plain];
    this.#collect(this.#wild, topic.split("/"), 0, found);
    return found;
  }

  /** Those added under a wildcard that takes in every topic of this filter, itself among them if it is one. */
  covering(filter: string): readonly Target[] {
    const found: Target[] = [];
    if (this.#hasWild) this.#collect(this.#wild, filter.split("/"), 0, found);
    return found;
  }

  #nodeOf(filter: string): Node<Target> {
    let node = this.#wild;
    for (const level of filter.split("/")) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = aNode();
        node.children.set(level, child);
      }
      node = child;
    }
    return node;
  }

  /** `levels` may be those of a filter: its "+" and "#" are then taken in only by a wildcard at least as wide. */
  #collect(node: Node<Target>, levels: readonly string[], depth: number, found: Target[]): void {
    const level = levels[depth];
    // MQTT 3.1.1 §4.7.2: a wildcard at the first level leaves out topics that begin with "$".
    const open = depth > 0 || level?.startsWith("$") !== true;
    // §4.7.1.2: "a/#" takes in "a" as well.
    if (open) append(found, node.children.get("#")?.targets);
    if (level === undefined) append(found, node.targets);
    if (level === undefined || level === "#") return;
    const any = open ? node.children.get("+") : undefined;
    if (any !== undefined) this.#collect(any, levels, depth + 1, found);
    const same = level === "+" ? undefined : node.children.get(level);
    if (same !== undefined) this.#collect(same, levels, depth + 1, found);
  }
}

function aNode<Target>(): Node<Target> {
  return { children: new Map(), targets: [] };
}

function append<Item>(list: Item[], items: readonly Item[] = []): void {
  for (const item of items) list.push(item);
}
