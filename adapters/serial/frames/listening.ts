import type { DeviceSink } from "../../../src/core/adapter.js";
import { counted } from "../../../src/core/counted.js";
import type { ChannelId, DeviceEvent, DeviceId } from "../../../src/core/device.js";
import type { Log } from "../../../src/core/log.js";
import { RateGate } from "../../../src/core/rate-gate.js";
import { Payload } from "../../payload/payload.js";
import { Refusals } from "../../payload/refusals.js";
import type { Charset } from "../charset.js";
import { FrameReader } from "../framing/frame-reader.js";
import type { Framer } from "../framing/framer.js";
import type { FrameWiring, LineEar } from "./wiring.js";

/** A message whose first bytes come so soon after the opening was under way before it. Milliseconds. */
const underWay = 50;

/** Takes the messages of a line apart for the devices that they are from. */
export class Listening {
  readonly #framer: Framer;
  readonly #reader: FrameReader;
  readonly #charset: Charset;
  /** Whether the framer itself knows a message whose beginning is lost. */
  readonly #isSure: boolean;
  readonly #sink: DeviceSink;
  readonly #log: Log;
  readonly #refusals: Refusals;
  readonly #gate = new RateGate();
  #wirings: ReadonlyMap<DeviceId, FrameWiring> = new Map();
  /** `fresh` nothing came since the opening · `cut` what comes may have lost its beginning */
  #state: "fresh" | "cut" | "whole" = "fresh";
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #told = { noise: 0, failed: 0 };
  /** Hears of each message that channels of a device understood, before they report it. */
  onHeard: (device: DeviceId, channels: readonly ChannelId[]) => void = () => {};
  /** Whether the answer to this question is what the line waits for. */
  isAwaited: (key: string) => boolean = () => false;

  constructor(parts: {
    readonly framer: Framer;
    readonly isSure: boolean;
    readonly charset: Charset;
    readonly sink: DeviceSink;
    readonly log: Log;
  }) {
    this.#framer = parts.framer;
    this.#isSure = parts.isSure;
    this.#charset = parts.charset;
    this.#sink = parts.sink;
    this.#log = parts.log;
    this.#refusals = new Refusals(parts.log);
    this.#reader = new FrameReader(parts.framer, (frame) => this.#onFrame(frame));
  }

  follow(wirings: ReadonlyMap<DeviceId, FrameWiring>): void {
    this.#wirings = wirings;
  }

  /** The line is new. */
  open(): void {
    this.close();
    this.#state = this.#isSure ? "whole" : "fresh";
    // What arrived while the process was busy is read before this immediate runs, and was under way.
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(() => {
        if (this.#state === "fresh") this.#state = "whole";
      });
    }, underWay);
  }

  /** Half a message is none. */
  close(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#reader.reset();
  }

  hear(bytes: Uint8Array): void {
    if (this.#state === "fresh") this.#state = "cut";
    this.#reader.push(bytes);
    this.#complain();
  }

  #onFrame(frame: Uint8Array): void {
    const isCut = this.#state === "cut";
    this.#state = "whole";
    const payload = new Payload(frame, this.#charset.decode);
    for (const [device, { match, ears }] of this.#wirings) {
      if (match !== undefined && match(payload.text) === undefined) continue;
      this.#deliver(device, isCut ? ears.filter(({ isCertain }) => isCertain) : ears, payload);
    }
  }

  #deliver(device: DeviceId, ears: readonly LineEar[], payload: Payload): void {
    const readings: Record<ChannelId, unknown> = {};
    const events: [ChannelId, DeviceEvent][] = [];
    for (const { channel, largest, hears, isBare, poll } of ears) {
      if (isBare && poll !== undefined && !this.isAwaited(poll)) continue;
      const purpose = { device, channel };
      if ("state" in hears) {
        const raw = this.#refusals.read(purpose, payload, largest, hears.state);
        if (raw !== undefined) readings[channel] = raw;
      } else {
        const event = this.#refusals.read(purpose, payload, largest, hears.event);
        if (event !== undefined) events.push([channel, event]);
      }
    }
    const heard = [...Object.keys(readings), ...events.map(([channel]) => channel)];
    if (heard.length === 0) return;
    this.onHeard(device, heard);
    if (Object.keys(readings).length > 0) this.#sink.report(device, readings);
    for (const [channel, event] of events) this.#sink.event(device, channel, event);
  }

  #complain(): void {
    const noise = this.#framer.noise - this.#told.noise;
    const failed = this.#framer.failed - this.#told.failed;
    if (noise === 0 && failed === 0) return;
    if (!this.#gate.allow("noise").allowed) return;
    this.#told = { noise: this.#framer.noise, failed: this.#framer.failed };
    const checks = failed === 0 ? "" : `; ${counted(failed, "message")} failed the check`;
    this.#log.warn({ noise, failed }, `${noise} bytes on the line were no message${checks}`);
  }
}
