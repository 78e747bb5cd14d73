/** The benchmark's devices: each of five channels, all in one JSON message, the first of which tells when it was sent. */
export const owner = "owner";

export function deviceId(index: number): string {
  return `d${index}`;
}

export function stateTopic(index: number): string {
  return `bench/${deviceId(index)}/state`;
}

export function commandTopic(index: number): string {
  return `bench/${deviceId(index)}/set`;
}

export const commandFilter = "bench/+/set";
export const stateFilter = "bench/+/state";

/** The number of the device in a topic, a JID or a node of one. */
export function deviceIn(text: string): number {
  return Number(/(?:^|\/)d(\d+)(?:[/@]|$)/.exec(text)?.[1]);
}

export function statePayload(stamp: number, isOn = true): string {
  return `{"stamp":${stamp},"power":"${isOn ? "ON" : "OFF"}","temperature":21.4,"humidity":45,"battery":90}`;
}

/** The devices as the gateway's configuration has them. */
export function devicesYaml(count: number): string {
  const value = (name: string, spec: string, more = "") =>
    `      ${name}: { value: ${spec}, address: { state: "bench/{topic}/state", extract: "$.${name}"${more} } }`;
  const channels = [
    value("stamp", "{ kind: number }"),
    value("power", "switch", ', command: "bench/{topic}/set"'),
    value("temperature", '{ kind: number, unit: "°C" }'),
    value("humidity", '{ kind: number, unit: "%" }'),
    value("battery", "level"),
  ].join("\n");
  const devices = Array.from({ length: count }, (_, index) => {
    const id = deviceId(index);
    return `  ${id}:\n    label: Device ${index}\n    main: stamp\n    address: { topic: ${id} }\n    channels:\n${channels}`;
  });
  return `devices:\n${devices.join("\n")}\n`;
}
