import { connect, type Socket } from "node:net";
import { z } from "zod";
import { conversionShape, misfits } from "../../adapters/payload/conversion.js";
import { Payload } from "../../adapters/payload/payload.js";
import { type Reader, readerOf } from "../../adapters/payload/reader.js";
import { type Writer, writerOf } from "../../adapters/payload/writer.js";
import type { Adapter, AdapterContext, AdapterFactory, AddressedDevice } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { ChannelId, Device, DeviceId } from "../../src/core/device.js";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import type { Problem } from "../../src/core/problem.js";
import { jsonSchemaOf, problemsOf, strict } from "../../src/schema.js";

const settings = strict({ host: z.string().min(1), port: z.int().min(1).max(65_535) });
type Settings = z.output<typeof settings>;

const channelAddress = strict({ name: z.string().regex(/^\w+$/), ...conversionShape });

const retryDelay = 1000;
const longestLine = 1000;

/** One name of the board, and whose it is. */
interface Wire {
  readonly name: string;
  readonly device: DeviceId;
  readonly channel: ChannelId;
  readonly read: Reader;
  readonly write: Writer;
}

/** A board behind a socket that says `relay1=on` and is told the same. */
class LinesAdapter implements Adapter {
  readonly #settings: Settings;
  readonly #context: AdapterContext;
  #wires: readonly Wire[];
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(settings: Settings, context: AdapterContext) {
    this.#settings = settings;
    this.#context = context;
    this.#wires = context.devices.flatMap(wiresOf);
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  carry(devices: readonly Device[]): void {
    this.#wires = devices.flatMap(wiresOf);
  }

  async send({ device, channel, value }: Command, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "The command was cancelled.");
    const wire = this.#wires.find((each) => each.device === device && each.channel === channel);
    if (wire === undefined) throw new GatewayError("adapter-failed", `${device} has no ${channel}.`);
    const socket = this.#socket;
    if (socket?.readyState !== "open") throw new GatewayError("device-offline", "The board is away.");
    // What still waits in this process would leave later.
    const onAbort = () =>
      void socket.destroy(new Error("The board did not take it in time; it may have happened."));
    signal.addEventListener("abort", onAbort, { once: true });
    await new Promise<void>((resolve, reject) => {
      socket.write(`${wire.name}=${wire.write(value)}\n`, (error) => {
        signal.removeEventListener("abort", onAbort);
        if (error) reject(new GatewayError("adapter-failed", messageOf(error), { cause: error }));
        else resolve();
      });
    });
  }

  #connect(): void {
    const { sink } = this.#context;
    const socket = connect(this.#settings);
    let why = "The board closed the connection.";
    let rest = "";
    this.#socket = socket;
    sink.link("connecting");
    socket.setEncoding("utf8");
    socket.on("connect", () => sink.link("online"));
    socket.on("data", (text) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > longestLine) socket.destroy(new Error("The board sent a line without an end."));
      for (const line of lines) this.#hear(line.trim());
    });
    socket.on("error", (error) => {
      why = error.message;
    });
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      sink.link("offline", why);
      this.#retry = setTimeout(() => this.#connect(), retryDelay);
    });
  }

  #hear(line: string): void {
    const [name, text = ""] = line.split("=", 2);
    for (const { device, channel, read } of this.#wires.filter((wire) => wire.name === name)) {
      try {
        const value = read(new Payload(Buffer.from(text)));
        if (value !== undefined) this.#context.sink.report(device, { [channel]: value });
      } catch (error) {
        this.#context.log.warn({ device, channel }, `${device}: refused a line: ${messageOf(error)}`);
      }
    }
  }
}

/** Throws "config-invalid" for addresses that `checkDevice` refuses. */
function wiresOf({ id, address, channels }: Device): readonly Wire[] {
  const device = { address, channels: Object.fromEntries(channels) };
  const [problem] = problemsIn(device);
  if (problem !== undefined) {
    throw new GatewayError("config-invalid", `${id}: ${problem.path.join(".")} ${problem.message}`);
  }
  return [...channels].map(([channel, { value, address }]) => {
    const { name, ...conversion } = channelAddress.parse(address);
    const [read, write] = [readerOf(value, conversion), writerOf(value, conversion)];
    return { name, device: id, channel, read, write };
  });
}

function problemsIn({ channels }: AddressedDevice): readonly Problem[] {
  return Object.entries(channels).flatMap(([channel, { value, address }]) => {
    const { data, error } = channelAddress.safeParse(address ?? {});
    const found = data === undefined ? problemsOf(error) : misfits(value.kind, data);
    return found.map((problem) => ({ ...problem, path: ["channels", channel, "address", ...problem.path] }));
  });
}

const lines: AdapterFactory = {
  checkSettings(given) {
    const { error } = settings.safeParse(given);
    return error === undefined ? [] : problemsOf(error);
  },

  checkDevice(device) {
    const channels = Object.keys(device.channels);
    const access = Object.fromEntries(channels.map((id) => [id, { readable: true, writable: true }]));
    return { problems: problemsIn(device), access };
  },

  create(given, context) {
    const { data, error } = settings.safeParse(given);
    if (data !== undefined) return new LinesAdapter(data, context);
    throw new GatewayError("config-invalid", `${context.name}: ${problemsOf(error)[0]?.message}`);
  },

  schemas() {
    return {
      settings: jsonSchemaOf(settings),
      device: { type: "object", properties: {}, additionalProperties: false },
      channel: jsonSchemaOf(channelAddress),
    };
  },
};

export default lines;
