import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { FastifyInstance } from "fastify";
import { expect, onTestFinished } from "vitest";

interface Operation {
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What any route may answer, whatever it is: the document has it under `default`. */
const general = [400, 401, 405, 413, 415, 421, 429, 500, 501];

/** When the test is over, every answer of the app has to be one that the OpenAPI document describes, to the last member. */
export function keepTheContract(app: FastifyInstance, document: Document): void {
  const answers: { route: string; method: string; status: number; type: string; body: unknown }[] = [];
  app.addHook("onSend", async (request, reply, body) => {
    answers.push({
      route: (request.routeOptions.url ?? "").replaceAll(/:(\w+)/g, "{$1}"),
      method: request.method,
      status: reply.statusCode,
      type: String(reply.getHeader("content-type") ?? "").replace(/;.*/, ""),
      body,
    });
  });
  onTestFinished(() => {
    const validate = validatorOf(document);
    for (const { route, method, status, type, body } of answers) {
      const what = `${method} ${route} ${status}`;
      const operation = document.paths[route]?.[method.toLowerCase()];
      const own = operation?.responses[`${status}`];
      if (own === undefined && status >= 400) {
        const isExpected = general.includes(status) || (operation === undefined && status === 404);
        expect(isExpected, `${what} is in the document`).toBe(true);
        expect(type, what).toBe("application/problem+json");
        expect(validate("#/components/schemas/Problem", body), what).toEqual([]);
      } else if (operation !== undefined) {
        expect(Object.keys(own?.content ?? {}), `the media type of ${what}`).toContain(type);
        const at = [
          "paths",
          route,
          method.toLowerCase(),
          "responses",
          `${status}`,
          "content",
          type,
          "schema",
        ];
        if (typeof body === "string" && type.endsWith("json"))
          expect(validate(pointer(at), body), what).toEqual([]);
      }
    }
  });
}

/** The mistakes in a JSON text, or in what it holds, by the schema that a pointer finds in the document. */
export function validatorOf(document: Document): (at: string, body: unknown) => readonly unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "document", ...closed(document) });
  const compiled = new Map<string, ValidateFunction>();
  return (at, body) => {
    const validate = compiled.get(at) ?? ajv.compile({ $ref: `document${at}` });
    compiled.set(at, validate);
    validate(typeof body === "string" ? JSON.parse(body) : body);
    return validate.errors ?? [];
  };
}

/** Readers have to bear new members; we want to hear of one that nobody described. */
function closed<Part>(part: Part): Part {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map(closed) as Part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, member]) => [key, closed(member)]));
  const isObject = "properties" in copy && !("additionalProperties" in copy) && copy.type === "object";
  return (isObject ? { ...copy, additionalProperties: false } : copy) as Part;
}

function pointer(parts: readonly string[]): string {
  return `#/${parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
}
