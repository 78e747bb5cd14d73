import { expect, test } from "vitest";
import { shown } from "../../../../adapters/http/client/failure.js";

test.each([
  ["http://192.0.2.7/status", "http://192.0.2.7/status"],
  ["https://me:pw@[2001:db8::7]:8443/a/b", "https://[2001:db8::7]:8443/a/b"],
  ["http://host/data?appid=0123456789abcdef#top", "http://host/data?..."],
  ["http://host/api/BZ4pjgLFqKdu5r7XTZ6-Hj0SlKJpdWSdfPFr2bVz/lights", "http://host/api/.../lights"],
  ["http://host/api/0A1B2C3D4E/lights", "http://host/api/.../lights"],
  [`http://host/${"long-".repeat(100)}`, `http://host/${"long-".repeat(100).slice(0, 188)}...`],
  ["http://host/a-long-name-that-a-person-would-write", "http://host/a-long-name-that-a-person-would-write"],
])("%s is shown as %s", (url, text) => {
  expect(shown(new URL(url))).toBe(text);
});
