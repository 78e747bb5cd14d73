import swagger, { type FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { z } from "zod";
import { problemResponses } from "./problems.js";
import { eventData } from "./schemas.js";
import type { Scope } from "./scope.js";

type Transform = NonNullable<FastifyDynamicSwaggerOptions["transform"]>;
type TransformObject = NonNullable<FastifyDynamicSwaggerOptions["transformObject"]>;

const components = "#/components/schemas/";

/** Collects the routes that are declared after it. Resolves when it is ready to. */
export async function collectRoutes(scope: Scope, version: string): Promise<void> {
  const words: Record<string, unknown> = {};

  /** JSON Schema for every zod schema in it; what has an id of its own goes to the components. */
  function jsonOf(part: unknown): unknown {
    if (part instanceof z.ZodType) {
      const { $schema, $defs, ...json } = z.toJSONSchema(part, { io: "input" });
      Object.assign(words, atComponents($defs));
      return atComponents(json);
    }
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, jsonOf(member)]));
  }

  const transform: Transform = ({ schema, url }) => ({ url, schema: Object(jsonOf(schema)) });
  const transformObject: TransformObject = (document) => {
    if (!("openapiObject" in document)) throw new TypeError("the document is OpenAPI");
    // No route names the data of the stream's events.
    jsonOf(eventData);
    const { openapiObject } = document;
    openapiObject.components = Object.assign(openapiObject.components ?? {}, { schemas: words });
    return openapiObject;
  };
  await scope.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Homeroster", description: "How to use it is told in docs/http.md.", version },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          hookToken: { type: "http", scheme: "bearer" },
          hookTokenInUrl: { type: "apiKey", in: "query", name: "token" },
          hookSignature: { type: "apiKey", in: "header", name: "webhook-signature" },
        },
      },
      security: [{ token: [] }],
    },
    transform,
    transformObject,
  });
}

export function openapiRoute(scope: Scope): void {
  scope.get(
    "/api/openapi.json",
    {
      schema: {
        operationId: "getOpenapi",
        summary: "This document",
        response: { 200: z.looseObject({}).describe("OpenAPI 3.1."), ...problemResponses() },
      },
    },
    async () => ({ ...scope.swagger() }),
  );
}

function atComponents(json: unknown): unknown {
  return json === undefined ? {} : JSON.parse(JSON.stringify(json).replaceAll("#/$defs/", components));
}
