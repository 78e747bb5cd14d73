import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { SerialPort } from "serialport";
import { messageOf } from "../../src/core/errors.js";
import { systemCodeOf } from "../../src/core/system-code.js";
import { connectionFaultOf } from "../../src/core/unreachable.js";
import type { OpenPort } from "./protocol.js";
import type { Settings } from "./settings.js";

const connectWithin = 10_000;
const writeWithin = 2000;

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

/** Rejects with a sentence without its full stop for a message. */
export async function openPort(settings: Settings, listener: PortListener): Promise<Port> {
  const stream =
    typeof settings.path === "string" ? serialPort(settings, settings.path) : socket(settings.path);
  const opened = await stream;
  return portOf(opened, listener);
}

interface Opened {
  readonly stream: Duplex;
  /** Resolves when what was written is out. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

function serialPort(
  { baudRate, dataBits, parity, stopBits, rtscts, xon, xoff }: Settings,
  path: string,
): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const lines = { baudRate, dataBits, parity, stopBits, rtscts, xon, xoff };
    const stream = new SerialPort({ path, ...lines, autoOpen: false, lock: true });
    stream.open((error) => {
      if (error) reject(new Error(faultOf(error)));
      else
        resolve({
          stream,
          drained: () =>
            new Promise((done, failed) => stream.drain((fault) => (fault ? failed(fault) : done()))),
          close: () => new Promise((done) => (stream.isOpen ? stream.close(() => done()) : done())),
        });
    });
  });
}

function socket(server: { readonly host: string; readonly port: number }): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const stream = connect({ ...server, noDelay: true, keepAlive: true });
    const late = setTimeout(() => stream.destroy(new Error("the host does not answer")), connectWithin);
    stream.once("error", (error) => reject(new Error(connectionFaultOf(error)?.text ?? messageOf(error))));
    stream.once("close", () => clearTimeout(late));
    stream.once("connect", () => {
      clearTimeout(late);
      resolve({
        stream,
        drained: async () => {},
        close: async () => void stream.destroy(),
      });
    });
  });
}

function portOf({ stream, drained, close }: Opened, { onBytes, onLost }: PortListener): Port {
  let isOpen = true;
  let why = "it was closed";
  const lost = (text: string) => {
    if (!isOpen) return;
    isOpen = false;
    void close();
    onLost(text);
  };
  stream.on("data", onBytes);
  stream.on("error", (error) => {
    why = connectionFaultOf(error)?.text ?? messageOf(error);
  });
  stream.on("end", () => lost("it was closed"));
  stream.on("close", (error?: unknown) => lost(error instanceof Error ? "it was unplugged" : why));
  return {
    close: async () => {
      isOpen = false;
      await close();
    },
    write: (bytes, signal) =>
      new Promise((resolve, reject) => {
        if (!isOpen) return reject(new Error("the port is closed"));
        const fail = (error: Error) => {
          clearTimeout(late);
          signal.removeEventListener("abort", onAbort);
          reject(error);
        };
        const onAbort = () => fail(new Error("the write was cancelled"));
        // What stays in the driver would come out at some later time.
        const late = setTimeout(() => {
          fail(new Error("the bytes did not leave within 2 s"));
          lost("it takes no bytes; is flow control right?");
        }, writeWithin);
        signal.addEventListener("abort", onAbort);
        stream.write(bytes, (error) => {
          if (error) return fail(error);
          drained().then(() => {
            clearTimeout(late);
            signal.removeEventListener("abort", onAbort);
            resolve();
          }, fail);
        });
      }),
  };
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EACCES: "this user may not use it; add the user to the group dialout",
  EPERM: "this user may not use it; add the user to the group dialout",
  EBUSY: "another program has it",
  ENODEV: "it is not there",
};

/** The driver tells its errors in English alone. */
function faultOf(error: Error): string {
  const code = systemCodeOf(error) ?? "";
  const known = faults[code];
  if (known !== undefined) return known;
  if (/no such file|No such device/i.test(error.message)) return "it is not there";
  if (/permission denied/i.test(error.message)) return faults.EACCES ?? "";
  if (/lock|busy|temporarily unavailable/i.test(error.message)) return "another program has it";
  return error.message;
}
