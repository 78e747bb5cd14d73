import type { AdapterFactory, AddressedDevice } from "../../src/core/adapter.js";
import type { Device } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Problem } from "../../src/core/problem.js";
import { jsonSchemaOf, problemsOf } from "../../src/schema.js";
import { SerialAdapter } from "./adapter.js";
import { channelAddress, deviceAddress } from "./modbus/addresses.js";
import { pauseAt } from "./modbus/line.js";
import { Master } from "./modbus/master.js";
import { type ModbusWiring, readModbusDevice } from "./modbus/wiring.js";
import { settings as settingsSchema } from "./settings.js";

const factory: AdapterFactory = {
  checkSettings(settings) {
    const parsed = settingsSchema.safeParse(settings);
    return parsed.success ? [] : problemsOf(parsed.error);
  },

  checkDevice(device) {
    const { problems, access } = readModbusDevice(device);
    return { problems, access };
  },

  create(settings, context) {
    const parsed = settingsSchema.safeParse(settings);
    if (!parsed.success) throw invalid(context.name, problemsOf(parsed.error));
    const protocol = new Master(context.sink, context.log, pauseAt(parsed.data.baudRate));
    const open = (device: Device): ModbusWiring => {
      const { wiring, problems } = readModbusDevice(addressed(device));
      if (wiring === undefined || problems.length > 0)
        throw invalid(`${context.name}: ${device.id}`, problems);
      return wiring;
    };
    return new SerialAdapter(parsed.data, { open, protocol }, context);
  },

  schemas() {
    return {
      settings: jsonSchemaOf(settingsSchema),
      device: jsonSchemaOf(deviceAddress),
      channel: jsonSchemaOf(channelAddress),
    };
  },
};

export default factory;

function addressed({ address, channels }: Device): AddressedDevice {
  return { address, channels: Object.fromEntries(channels) };
}

function invalid(where: string, problems: readonly Problem[]): GatewayError {
  const sentences = problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return new GatewayError("config-invalid", `${where}: ${sentences.join("; ")}`);
}
