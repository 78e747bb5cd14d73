import type { AdapterFactory } from "../../src/core/adapter.js";
import { GatewayError } from "../../src/core/errors.js";
import { jsonSchemaOf, problemsOf } from "../../src/schema.js";
import { SimulatorAdapter } from "./adapter.js";
import { devicesOf } from "./devices.js";
import { settings } from "./settings.js";

/** A believable small house for first runs and tests. It brings its devices along and takes no others. */
const simulator: AdapterFactory = {
  checkSettings(given) {
    const { error } = settings.safeParse(given);
    return error === undefined ? [] : problemsOf(error);
  },

  checkDevice() {
    const message =
      "is the simulator, which brings its own devices along and takes no others; name another adapter";
    return { problems: [{ path: ["adapter"], message }], access: {} };
  },

  create(given, context) {
    const { data, error } = settings.safeParse(given);
    if (error !== undefined) {
      const [problem] = problemsOf(error);
      throw new GatewayError("config-invalid", `${context.name}: ${problem?.message}`, { cause: error });
    }
    return new SimulatorAdapter(context, data.seed);
  },

  devices(_settings, adapter) {
    return devicesOf(adapter);
  },

  schemas() {
    return { settings: jsonSchemaOf(settings) };
  },
};

export default simulator;
