import { describe, expect, test } from "vitest";
import serial from "../../../adapters/serial/index.js";
import { settings } from "../../../adapters/serial/settings.js";

const path = "/dev/serial/by-id/usb-FTDI_P1-if00";

describe("the settings of a serial port", () => {
  test("need nothing but a path", () => {
    expect(settings.parse({ path })).toMatchObject({
      path,
      baudRate: 9600,
      dataBits: 8,
      parity: "none",
      stopBits: 1,
      rtscts: false,
      xon: false,
      xoff: false,
      framing: { kind: "line" },
      encoding: "utf8",
    });
  });

  test.each([
    ["tcp://meter.home.example:4000", { host: "meter.home.example", port: 4000 }],
    ["tcp://127.0.0.1:4000", { host: "127.0.0.1", port: 4000 }],
    ["tcp://[::1]:4000", { host: "::1", port: 4000 }],
  ])("read the port server %s", (text, server) => {
    expect(settings.parse({ path: text }).path).toEqual(server);
  });

  test("take all that the documentation names", () => {
    const given = {
      path,
      baudRate: 115200,
      dataBits: 7,
      parity: "even",
      stopBits: 2,
      rtscts: true,
      xon: true,
      xoff: true,
      lines: { dtr: true, rts: false },
      framing: { kind: "line", start: "/" },
      checksum: { kind: "xor8", marker: "*" },
      encoding: "latin1",
    };
    expect(serial.checkSettings(given)).toEqual([]);
  });

  test.each([
    [{}, "path: is no path; write for example /dev/serial/by-id/usb-FTDI_P1-if00"],
    [{ path: 5 }, "path: is no path"],
    [{ path: "COM1" }, "path: is no path; write /dev/serial/by-id/..., or tcp://HOST:PORT for a port server"],
    [{ path: "ttyUSB0" }, "path: is no path; write /dev/serial/by-id/..."],
    [{ path: "tcp://meter" }, "path: is no port server; write tcp://HOST:PORT"],
    [{ path: "tcp://me@meter:4000" }, "path: is no port server"],
    [{ path: "tcp://meter:4000/x" }, "path: is no port server"],
    [{ path: "http://meter:4000" }, "path: is no port server"],
    [{ path, baudRate: "fast" }, "baudRate: is no baud rate; write a number such as 9600"],
    [{ path, baudRate: 0 }, "baudRate: "],
    [{ path, dataBits: 9 }, "dataBits: is no number of data bits; write 5, 6, 7 or 8"],
    [{ path, parity: "both" }, "parity: "],
    [{ path, stopBits: 3 }, "stopBits: is no number of stop bits; write 1, 1.5 or 2"],
    [{ path, rtscts: "yes" }, "rtscts: is neither true nor false"],
    [{ path, lines: { dts: true } }, 'lines.dts: unknown key "dts"'],
    [
      { path: "tcp://meter:4000", lines: { dtr: true } },
      "lines: is for a port of this machine; a port server sets its own",
    ],
    [{ path, baudrate: 9600 }, 'baudrate: unknown key "baudrate"; did you mean "baudRate"?'],
    [
      { path, framing: { kind: "modbus-rtu" }, checksum: { kind: "xor8" } },
      "checksum: is one too many, modbus-rtu has its own; leave it out",
    ],
  ])("%j is one mistake, and said as one", (given, sentence) => {
    const said = serial.checkSettings(given).map(({ path, message }) => `${path.join(".")}: ${message}`);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(sentence);
  });
});
