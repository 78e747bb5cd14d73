import { Conversation } from "./conversation.js";
import { HttpFailure } from "./failure.js";
import { Lane, type Limits } from "./lane.js";
import type { HttpAnswer, HttpRequest, RequestOptions } from "./request.js";
import { ValidatorMemory } from "./validators.js";

const mostLanes = 256;

/**
 * The one way out: an answer that fits within the limits of its request, or an `HttpFailure`. Each origin (scheme, host and
 * port) has its own connections and its own queue, so that a slow one delays nobody else.
 */
export class HttpClient {
  readonly #limits: Limits;
  /** By origin and TLS words; the one used last stands last. */
  readonly #lanes = new Map<string, Lane>();
  readonly #validators = new ValidatorMemory();
  #isStopped = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Rejects with an `HttpFailure`, and with nothing else. A status other than 2xx is a failure, but for a 304 that was asked for. */
  async request(request: HttpRequest, options: RequestOptions): Promise<HttpAnswer> {
    if (this.#isStopped) throw new HttpFailure("cancelled", `${request.url.origin} is not asked any more`);
    const lane = this.#laneFor(request);
    return lane.run(request, options, (connection, signal) =>
      new Conversation({
        request,
        options,
        connection,
        signal,
        validators: this.#validators,
        digest: lane.loginFor(request.auth),
      }).answer(),
    );
  }

  /** Cuts all connections; what was under way or waited is rejected as "cancelled". For good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.stop()));
  }

  #laneFor({ url, tls = {} }: HttpRequest): Lane {
    const key = `${url.origin} ${JSON.stringify(tls)}`;
    const lane = this.#lanes.get(key) ?? this.#newLane(url, tls);
    this.#lanes.delete(key);
    this.#lanes.set(key, lane);
    return lane;
  }

  #newLane(url: URL, tls: NonNullable<HttpRequest["tls"]>): Lane {
    if (this.#lanes.size >= mostLanes) {
      const idle = [...this.#lanes].find(([, lane]) => lane.isIdle);
      if (idle === undefined) {
        throw new HttpFailure("busy", `${url.origin} has to wait: ${mostLanes} other hosts are being asked`);
      }
      void idle[1].stop();
      this.#lanes.delete(idle[0]);
    }
    return new Lane(url, tls, this.#limits);
  }
}
