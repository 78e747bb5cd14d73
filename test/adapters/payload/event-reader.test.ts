import { expect, test } from "vitest";
import { z } from "zod";
import { conversionShape } from "../../../adapters/payload/conversion.js";
import { eventReaderOf } from "../../../adapters/payload/event-reader.js";
import { Payload } from "../../../adapters/payload/payload.js";

function read(address: object, text: string): unknown {
  return eventReaderOf(z.strictObject(conversionShape).parse(address))(new Payload(Buffer.from(text)));
}

test.each([
  [{}, "single\n", { type: "single" }],
  [{}, '{"type": "ring", "volume": 3}', { type: "ring", volume: 3 }],
  [{}, '{"event_type": "hold", "ms": 800}', { type: "hold", ms: 800 }],
  [{ extract: "$.action" }, '{"action": "double", "battery": 90}', { type: "double" }],
  [{ map: { 1: "single" } }, "1", { type: "single" }],
  [{ extract: "$.action" }, '{"action": null}', undefined],
  [{ extract: "$.action" }, '{"action": ""}', undefined],
  [{ extract: "$.action" }, '{"battery": 90}', undefined],
  [{}, "", undefined],
])("with %j reads %s as %j", (address, text, event) => {
  expect(read(address, text)).toEqual(event);
});

test("says what is missing in an object without a type", () => {
  expect(() => read({}, '{"volume": 3}')).toThrow('a member "type" or "event_type" would name it');
  expect(() => read({}, "[1]")).toThrow("A list is no event");
});
