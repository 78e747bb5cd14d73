import { describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import { settings } from "../../../adapters/mqtt/settings.js";

const url = "mqtt://127.0.0.1:1883";
const pem = "-----BEGIN CERTIFICATE-----\n";

describe("the settings of a broker", () => {
  test("need nothing but a URL", () => {
    expect(settings.parse({ url })).toEqual({
      url: { isSecure: false, host: "127.0.0.1", port: 1883 },
      version: 4,
      keepalive: 15,
    });
  });

  test.each([
    ["mqtt://broker", { isSecure: false, host: "broker", port: 1883 }],
    ["mqtts://broker.example.org/", { isSecure: true, host: "broker.example.org", port: 8883 }],
    ["MQTTS://[::1]:18883", { isSecure: true, host: "::1", port: 18883 }],
  ])("read the URL %s", (text, endpoint) => {
    expect(settings.parse({ url: text }).url).toEqual(endpoint);
  });

  test("take all that the documentation names", () => {
    const given = {
      url: "mqtts://broker",
      username: "house",
      password: "secret",
      clientId: "me",
      version: 5,
      keepalive: "30s",
      tls: { ca: pem, cert: pem, key: pem },
      will: { topic: "homeroster/status", payload: "offline", qos: 1, retain: true },
      birth: { topic: "homeroster/status", payload: 1 },
      discovery: { approve: "ask", homeassistant: { prefix: "homeassistant" }, homie: true },
    };
    expect(mqtt.checkSettings(given)).toEqual([]);
    expect(settings.parse(given)).toMatchObject({
      version: 5,
      keepalive: 30,
      birth: { payload: "1", qos: 0, retain: false },
    });
  });

  test.each([
    [{}, "url", "is no URL; write for example mqtt://127.0.0.1:1883"],
    [{ url: "127.0.0.1:1883" }, "url", "write mqtt://HOST:PORT"],
    [{ url: "http://broker" }, "url", "write mqtt://HOST:PORT"],
    [{ url: "mqtt://me:pw@broker" }, "url", "use `username` and `password`"],
    [{ url: "mqtt://broker/topic" }, "url", "leave it out"],
    [{ url, password: "x" }, "password", "needs a `username`"],
    [{ url, username: 1234 }, "username", "put it in quotes"],
    [{ url, version: 4 }, "version", 'write "3.1.1" or 5'],
    [{ url, keepalive: 0 }, "keepalive", "whole number of seconds from 1"],
    [{ url, keepalive: "1500ms" }, "keepalive", "whole number of seconds"],
    [{ url, keepalive: "soon" }, "keepalive", "is no duration"],
    [{ url, tls: { ca: pem } }, "tls", "needs a URL that begins with mqtts://"],
    [{ url: "mqtts://b", tls: { ca: "/nowhere/ca.pem" } }, "tls.ca", "neither PEM text nor a file"],
    [{ url: "mqtts://b", tls: { cert: pem } }, "tls.cert", "needs its `key`"],
    [{ url: "mqtts://b", tls: { key: pem } }, "tls.key", "needs its `cert`"],
    [{ url: "mqtts://b", tls: { rejectUnauthorized: false } }, "tls.rejectUnauthorized", "unknown key"],
    [{ url, will: { topic: "a/#", payload: "x" } }, "will.topic", "wildcard"],
    [{ url, birth: { topic: "a" } }, "birth.payload", "is no plain word"],
    [{ url, birth: { topic: "a", payload: "", qos: 3 } }, "birth.qos", "write 0, 1 or 2"],
    [{ url, discovery: { approve: "always" } }, "discovery.approve", 'neither "ask" nor "auto"'],
    [{ url, clientID: "x" }, "clientID", 'did you mean "clientId"?'],
  ])("say of %j what is wrong at %s", (given, path, message) => {
    const problems = mqtt.checkSettings(given);
    expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
    expect(problems[0]?.message).toContain(message);
  });

  test("name all mistakes in one go", () => {
    const problems = mqtt.checkSettings({ url: "broker", keepalive: -1, qos: 1 });
    expect(problems.map(({ path }) => path.join(".")).sort()).toEqual(["keepalive", "qos", "url"]);
  });
});
