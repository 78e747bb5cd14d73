import type { Bench } from "./bench.js";
import { microseconds, pause } from "./clock.js";
import { deviceId } from "./house.js";
import type { Subject } from "./results.js";
import { percentile } from "./statistics.js";

const patience = 10_000;
/** Below what the gateway allows one person. */
const commandEvery = 25;

/** From a chat command over MQTT to the device, back as its state, to the answer that it is so. */
export async function measureCommands(bench: Bench, subject: Subject, load: number): Promise<void> {
  const { seconds, devices } = bench.extent;
  bench.collect("presence");
  const offered = load > 0 ? bench.offer({ rate: load, devices, seconds: seconds + 0.2 }) : undefined;
  if (load > 0) await pause(200);
  const times: number[] = [];
  for (let index = 0; index < (seconds * 1000) / commandEvery; index += 1) {
    const began = microseconds();
    const took = await command(bench, index % devices, index);
    times.push(took);
    await pause(Math.max(0, commandEvery - (microseconds() - began) / 1000));
  }
  await offered;
  const title = load === 0 ? "command, confirmed" : `command, at ${load.toLocaleString("en")} updates/s`;
  const floor = "relay";
  bench.results.add({ title: `${title}: p50`, unit: "ms", floor }, subject, percentile(times, 0.5));
  bench.results.add({ title: `${title}: p99`, unit: "ms", floor }, subject, percentile(times, 0.99));
}

/** Milliseconds to the answer that it is done; a command without one counts as all of the patience. */
function command({ watcher, servers }: Bench, device: number, index: number): Promise<number> {
  const began = microseconds();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(patience), patience);
    watcher.onMessage = ({ device: from, body, at }) => {
      if (from !== device || !/ is (on|off)\b/i.test(body)) return;
      clearTimeout(timer);
      resolve((at - began) / 1000);
    };
    const jid = `${deviceId(device)}@${servers.xmpp.component}`;
    const word = index % 2 === 0 ? "on" : "off";
    watcher.send(
      `<message to="${jid}" type="chat" id="c${microseconds()}"><body>power ${word}</body></message>`,
    );
  });
}
