import { expect, test } from "vitest";
import { statusText } from "../../src/cli/status.js";
import { type StatusDocument, startingStatus } from "../../src/cli/status-document.js";

const running: StatusDocument = {
  pid: 4711,
  version: "1.2.3",
  ready: false,
  xmpp: {
    domain: "iot.house.test",
    host: "127.0.0.1",
    c2sPort: 5222,
    c2sHost: "192.168.1.5",
    componentPort: 5347,
    state: "online",
    detail: "",
  },
  http: { url: "http://127.0.0.1:8480" },
  mqtt: { url: "mqtt://127.0.0.1:1883" },
  owner: { jid: "owner@house.test", passwordFile: "/data/owner-password" },
  config: { file: "config/homeroster.yaml", problems: [], restart: ["http"] },
  adapters: [
    { name: "house", kind: "simulator", state: "online", detail: "" },
    { name: "broker", kind: "mqtt", state: "offline", detail: "connection refused" },
  ],
  devices: { total: 3, online: 2, offline: 1, unknown: 0, pending: 0 },
};

test("tells people how the gateway is", () => {
  expect(statusText(running)).toBe(
    [
      "Homeroster 1.2.3 (pid 4711) is not ready.",
      "XMPP     iot.house.test: online, clients at 192.168.1.5:5222",
      "HTTP     http://127.0.0.1:8480",
      "MQTT     mqtt://127.0.0.1:1883",
      "Owner    owner@house.test, password in /data/owner-password",
      "Config   config/homeroster.yaml; http changed, which needs a restart",
      "Adapter  house (simulator): online",
      "Adapter  broker (mqtt): offline, connection refused",
      "Devices  3 in all, 2 online, 1 offline",
      "",
    ].join("\n"),
  );
});

test("tells what is wrong with a configuration that was not taken", () => {
  const problems = ["config/homeroster.yaml:3:5: owners[0]: is no JID"];
  const text = statusText({ ...running, config: { file: "config/homeroster.yaml", problems, restart: [] } });
  expect(text).toContain(
    `Config   has mistakes, and the last good one is in use:\n         ${problems[0]}\nAdapter `,
  );
});

test("of a gateway that starts there is little to tell", () => {
  expect(statusText(startingStatus("1.2.3"))).toBe(
    `Homeroster 1.2.3 (pid ${process.pid}) is not ready.\nXMPP     (starting): connecting\nDevices  0 in all\n`,
  );
});
