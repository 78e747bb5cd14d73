import type { AdapterFactory } from "../../src/core/adapter.js";
import { jsonSchemaOf } from "../../src/schema.js";
import { openerOf, openSettings, settingsProblems } from "../payload/opening.js";
import { HttpAdapter } from "./adapter.js";
import { channelAddress, deviceAddress } from "./addresses.js";
import { settings as settingsSchema } from "./settings.js";
import { readDevice } from "./wiring.js";

const factory: AdapterFactory = {
  checkSettings: (settings) => settingsProblems(settingsSchema, settings),

  checkDevice(device, given) {
    const { problems, access } = readDevice(device, settingsSchema.safeParse(given).data?.timeout);
    return { problems, access };
  },

  create(settings, context) {
    const opened = openSettings(settingsSchema, settings, context.name);
    return new HttpAdapter(opened, openerOf(context.name, readDevice), context);
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
