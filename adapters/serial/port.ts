import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import { systemCodeOf } from "../../src/core/system-code.js";
import { connectionFaultOf } from "../../src/core/unreachable.js";
import type { OpenPort } from "./protocol.js";
import type { PortServer, Settings } from "./settings.js";
import type { StableName } from "./stable-name.js";

const connectWithin = 10_000;
const writeWithin = 2000;

// A flood of short messages costs far more than its bytes: they are looked at in pieces, and for so long in one turn of the
// event loop.
const piece = 64;
const longestTurn = 10;

interface PortListener {
  onBytes(bytes: Uint8Array): void;
  /** Once, when it was open and is no more; `text` is a sentence without its full stop. */
  onLost(text: string): void;
}

/** A port while it is open; it belongs to us alone. */
export interface Port extends OpenPort {
  /** Resolves when it is free again. Safe to call twice. */
  close(): Promise<void>;
}

/** Rejects with a sentence without its full stop for a message; soon after `signal` aborted, at the latest. */
export async function openPort(
  settings: Settings,
  place: StableName | PortServer,
  listener: PortListener,
  signal: AbortSignal,
): Promise<Port> {
  if ("host" in place) return new StreamPort(await socket(place, signal), listener);
  const path = await place.resolve().catch((error) => {
    throw new Error(faultOf(error));
  });
  const port = new StreamPort(await serialPort(settings, path), listener);
  port.onEnd(place.watch(path, () => port.fail("it was unplugged")));
  return port;
}

interface Opened {
  readonly stream: Duplex;
  /** Resolves when what was written is out. */
  drained(): Promise<void>;
  /** Throws away what did not leave yet, and closes. */
  close(): Promise<void>;
}

async function serialPort(
  { baudRate, dataBits, parity, stopBits, rtscts, xon, xoff, lines }: Settings,
  path: string,
): Promise<Opened> {
  const { SerialPort } = await driver();
  const words = { baudRate, dataBits, parity, stopBits, rtscts, xon, xoff };
  const stream = new SerialPort({ path, ...words, autoOpen: false, lock: true });
  try {
    await done((callback) => stream.open(callback));
  } catch (error) {
    throw new Error(faultOf(error));
  }
  const close = async () => {
    if (!stream.isOpen) return;
    await done((callback) => stream.flush(callback)).catch(() => {});
    await done((callback) => stream.close(callback)).catch(() => {});
  };
  try {
    if (lines !== undefined) await done((callback) => stream.set(lines, callback));
  } catch (error) {
    await close();
    throw new Error(`its control lines cannot be set (${messageOf(error)}); leave out \`lines\``);
  }
  return {
    stream,
    close,
    // Of a closed port the library would wait for the next opening.
    drained: async () => {
      if (stream.isOpen) await drained((callback) => stream.drain(callback));
    },
  };
}

// Waiting for a driver holds one of the four threads that files and all other ports need, too.
const mostDraining = 2;
let draining = 0;

/** Where several ports are stuck already, what the driver took counts as out. */
async function drained(drain: (callback: (error: Error | null) => void) => void): Promise<void> {
  if (draining >= mostDraining) return;
  draining += 1;
  try {
    await done(drain);
  } finally {
    draining -= 1;
  }
}

function done(act: (callback: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
}

/** It is native code, which port servers do without. */
function driver(): Promise<typeof import("serialport")> {
  return import("serialport").catch((error) => {
    const [why] = messageOf(error).split("\n");
    throw new Error(
      `the driver of serial ports cannot be loaded on this machine (${why}); compile it by "npm rebuild @serialport/bindings-cpp" and start the gateway again, or use a port server: tcp://HOST:PORT`,
    );
  });
}

function socket(server: PortServer, signal: AbortSignal): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const stream = connect({ ...server, noDelay: true, keepAlive: true, keepAliveInitialDelay: 2000 });
    const late = setTimeout(() => stream.destroy(new Error("the host does not answer")), connectWithin);
    const onAbort = () => stream.destroy(new Error("it is wanted no more"));
    const settle = () => {
      clearTimeout(late);
      signal.removeEventListener("abort", onAbort);
    };
    signal.addEventListener("abort", onAbort);
    stream.once("error", (error) => reject(new Error(connectionFaultOf(error)?.text ?? messageOf(error))));
    stream.once("close", settle);
    stream.once("connect", () => {
      settle();
      resolve({ stream, drained: async () => {}, close: async () => void stream.destroy() });
    });
  });
}

class StreamPort implements Port {
  readonly #opened: Opened;
  readonly #listener: PortListener;
  readonly #ends = new Set<() => void>();
  #isOpen = true;
  #why = "it was closed";
  #closing: Promise<void> | undefined;
  #rest: NodeJS.Immediate | undefined;

  constructor(opened: Opened, listener: PortListener) {
    this.#opened = opened;
    this.#listener = listener;
    const { stream } = opened;
    stream.on("readable", () => {
      if (this.#rest === undefined) this.#take();
    });
    stream.on("error", (error) => {
      this.#why = connectionFaultOf(error)?.text ?? messageOf(error);
    });
    stream.on("end", () => this.fail("it was closed"));
    stream.on("close", (error?: unknown) =>
      this.fail(error instanceof Error ? "it was unplugged" : this.#why),
    );
  }

  /** `end` is called when the port is open no more. */
  onEnd(end: () => void): void {
    if (this.#isOpen) this.#ends.add(end);
    else end();
  }

  close(): Promise<void> {
    this.#isOpen = false;
    clearImmediate(this.#rest);
    for (const end of this.#ends) end();
    this.#ends.clear();
    this.#closing ??= this.#opened.close();
    return this.#closing;
  }

  /** It is of no use any more; nothing that was written and did not leave will. */
  fail(text: string): void {
    if (!this.#isOpen) return;
    void this.close();
    this.#listener.onLost(text);
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "It was cancelled before it left.");
    if (!this.#isOpen) throw new GatewayError("device-offline", "The port is not open.");
    const { stream, drained } = this.#opened;
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: GatewayError) => {
        clearTimeout(late);
        signal.removeEventListener("abort", onAbort);
        this.#ends.delete(onEnd);
        if (error === undefined) resolve();
        else reject(error);
      };
      const stuck = (sentence: string) => {
        settle(new GatewayError("adapter-failed", `${sentence} Part of it may have happened.`));
        // What stays in the driver would come out at some later time.
        this.fail("it takes no bytes; look at `rtscts` and `xon`");
      };
      const onAbort = () => stuck("The port did not take it in time.");
      const late = setTimeout(
        () => stuck(`The port did not take it within ${writeWithin / 1000} s.`),
        writeWithin,
      );
      const failed = (error: Error) =>
        settle(new GatewayError("adapter-failed", `The port did not take it: ${messageOf(error)}.`));
      const onEnd = () =>
        settle(new GatewayError("adapter-failed", "The port was lost; it may have happened."));
      this.#ends.add(onEnd);
      signal.addEventListener("abort", onAbort, { once: true });
      stream.write(bytes, (error) => {
        if (error) failed(error);
        else drained().then(() => settle(), failed);
      });
    });
  }

  #take(): void {
    const { stream } = this.#opened;
    const begin = performance.now();
    this.#rest = undefined;
    while (this.#isOpen) {
      const bytes: Buffer | null = stream.read(Math.min(piece, stream.readableLength));
      if (bytes === null) return;
      this.#listener.onBytes(bytes);
      if (performance.now() - begin < longestTurn) continue;
      this.#rest = setImmediate(() => this.#take());
      return;
    }
  }
}

const notAllowed =
  "this user may not use it; add them to the group dialout and log in again: sudo usermod -aG dialout $USER";
const absent = "it is not there; plug the device in";
const taken = "another program has it";

const faults: Readonly<Record<string, string>> = {
  ENOENT: absent,
  ENODEV: absent,
  ENXIO: absent,
  EACCES: notAllowed,
  EPERM: notAllowed,
  EBUSY: taken,
};

/** The driver tells its errors in English alone. */
function faultOf(error: unknown): string {
  const known = faults[systemCodeOf(error) ?? ""];
  if (known !== undefined) return known;
  const text = messageOf(error);
  if (/no such file|no such device/i.test(text)) return absent;
  if (/permission denied/i.test(text)) return notAllowed;
  if (/lock|busy|temporarily unavailable/i.test(text)) return taken;
  return text;
}
