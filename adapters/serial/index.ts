import type { AdapterContext, AdapterFactory, AddressedDevice } from "../../src/core/adapter.js";
import { jsonSchemaOf } from "../../src/schema.js";
import { openerOf, openSettings, settingsProblems } from "../payload/opening.js";
import { SerialAdapter } from "./adapter.js";
import { charsetOf } from "./charset.js";
import { checkerOf } from "./checksum.js";
import { channelAddress as frameChannel, deviceAddress as frameDevice } from "./frames/addresses.js";
import { Exchange } from "./frames/exchange.js";
import { Listening } from "./frames/listening.js";
import type { Script } from "./frames/telegram.js";
import { readFrameDevice } from "./frames/wiring.js";
import { framerOf, type StreamFraming } from "./framing/settings.js";
import { channelAddress as modbusChannel, deviceAddress as modbusDevice } from "./modbus/addresses.js";
import { pauseAt } from "./modbus/line.js";
import { Master } from "./modbus/master.js";
import { readModbusDevice } from "./modbus/wiring.js";
import { type Settings, settings as settingsSchema } from "./settings.js";

const factory: AdapterFactory = {
  checkSettings: (settings) => settingsProblems(settingsSchema, settings),

  checkDevice(device, given) {
    const { data } = settingsSchema.safeParse(given);
    const isModbus = data === undefined ? looksLikeModbus(device) : data.framing.kind === "modbus-rtu";
    const { problems, access } = isModbus
      ? readModbusDevice(device)
      : readFrameDevice(device, scriptOf(data));
    return { problems, access };
  },

  create(given, context) {
    const opened = openSettings(settingsSchema, given, context.name);
    const { framing } = opened;
    return framing.kind === "modbus-rtu"
      ? modbusAdapter(opened, context)
      : frameAdapter(opened, framing, context);
  },

  schemas() {
    return {
      settings: jsonSchemaOf(settingsSchema),
      device: { anyOf: [jsonSchemaOf(frameDevice), jsonSchemaOf(modbusDevice)] },
      channel: { anyOf: [jsonSchemaOf(frameChannel), jsonSchemaOf(modbusChannel)] },
    };
  },
};

export default factory;

function modbusAdapter(opened: Settings, context: AdapterContext) {
  const { name, sink, log } = context;
  const protocol = new Master(sink, log, pauseAt(opened.baudRate));
  return new SerialAdapter(opened, { open: openerOf(name, readModbusDevice), protocol }, context);
}

function frameAdapter(opened: Settings, framing: StreamFraming, context: AdapterContext) {
  const { name, sink, log } = context;
  const { checksum } = opened;
  const script = scriptOf(opened);
  const framer = framerOf(framing, checksum && checkerOf(checksum));
  const isSure = checksum !== undefined || "first" in framing || "start" in framing;
  const listening = new Listening({ framer, isSure, charset: script.charset, sink, log });
  const open = openerOf(name, (device) => readFrameDevice(device, script));
  return new SerialAdapter(opened, { open, protocol: new Exchange(listening, sink) }, context);
}

function scriptOf(opened: Pick<Settings, "encoding" | "checksum"> | undefined): Script {
  return { charset: charsetOf(opened?.encoding ?? "utf8"), checksum: opened?.checksum };
}

/** Where the settings cannot say it. */
function looksLikeModbus({ address, channels }: AddressedDevice): boolean {
  const registers = Object.values(channels).map((channel) => Object(channel.address).register);
  return [Object(address).unit, ...registers].some((word) => word !== undefined);
}
