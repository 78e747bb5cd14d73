import { connect } from "node:net";
import { Master } from "../../../../adapters/serial/modbus/master.js";
import { readModbusDevice } from "../../../../adapters/serial/modbus/wiring.js";
import type { Availability, Device, DeviceId } from "../../../../src/core/device.js";
import { startModbusSlave, type TestSlave } from "../../../support/modbus-slave.js";
import { openPortServer } from "../../../support/pty.js";
import { RecordingLog } from "../../../support/recording-log.js";
import { RecordingSink } from "../../../support/recording-sink.js";

/** Keeps why, too. */
class ReasonedSink extends RecordingSink {
  readonly texts: string[] = [];

  override availability(
    device: DeviceId,
    status: Availability["status"],
    why: Partial<Pick<Availability, "detail" | "text">> = {},
  ): void {
    super.availability(device, status);
    this.texts.push(`${device} ${status} ${why.detail ?? "none"}: ${why.text ?? ""}`);
  }
}

/** A master and its slaves, joined by a port server. */
export interface TestBus {
  readonly master: Master;
  readonly slave: TestSlave;
  readonly sink: ReasonedSink;
  readonly log: RecordingLog;
  carry(...devices: readonly Device[]): void;
  /** The value of a channel as it was reported last. */
  value(device: string, channel: string): unknown;
  close(): Promise<void>;
}

export async function openBus(): Promise<TestBus> {
  const server = await openPortServer();
  const slave = startModbusSlave(server.far);
  const sink = new ReasonedSink();
  const log = new RecordingLog();
  const master = new Master(sink, log, 5);
  const socket = connect(server.port, "127.0.0.1");
  await slave.ready;
  socket.on("data", (bytes) => master.hear(bytes));
  master.open({
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (e) => (e ? reject(e) : resolve()))),
  });
  return {
    master,
    slave,
    sink,
    log,
    carry: (...devices) => master.carry(new Map(devices.map((device) => [device.id, wiringOf(device)]))),
    value: (device, channel) =>
      sink.reports.findLast((report) => report.device === device && channel in report.readings)?.readings[
        channel
      ],
    close: async () => {
      master.close();
      socket.destroy();
      await slave.stop();
      await server.close();
    },
  };
}

function wiringOf({ address, channels }: Device) {
  const { wiring, problems } = readModbusDevice({ address, channels: Object.fromEntries(channels) });
  if (wiring === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return wiring;
}
