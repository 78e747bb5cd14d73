import { expect, onTestFinished, test } from "vitest";
import { checksum, checksumFor } from "../../../../adapters/serial/checksum.js";
import { aDevice } from "../../../support/fake-device.js";
import { aLine } from "./a-line.js";

const patient = { timeout: 15_000 };

const sensor = aDevice({
  id: "sensor",
  address: {},
  channels: { temperature: { value: { kind: "number" }, address: { key: "T" } } },
});

test.each(["sum8", "xor8", "crc8", "crc8-maxim", "crc16-modbus", "crc16-dsmr"])(
  "no single bit that turns over on the line becomes a value, under %s",
  async (kind) => {
    const settings = { checksum: { kind, marker: "*" } };
    const line = await aLine([sensor], settings);
    onTestFinished(line.stop);
    await line.adapter.start();
    await expect.poll(() => line.sink.state, patient).toBe("online");
    const message = (text: string) => {
      const before = Buffer.from(`${text};*`);
      const check = checksumFor(checksum.parse(settings.checksum), before, Buffer.from("\n"));
      return Buffer.concat([before, check, Buffer.from("\n")]);
    };
    const whole = message("T=21.5");
    for (let bit = 0; bit < 8 * (whole.length - 1); bit += 1) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await line.far.say(damaged);
    }
    await line.far.say("\n");
    await line.far.say(message("T=99"));
    await expect.poll(() => line.values().at(-1), patient).toEqual({ temperature: 99 });
    // A hexadecimal digit of the other case is the same check.
    for (const values of line.values().slice(0, -1)) expect(values).toEqual({ temperature: 21.5 });
  },
);
