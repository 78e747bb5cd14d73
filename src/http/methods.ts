import type { RouteOptions } from "fastify";
import { HttpProblem } from "./problems.js";
import type { Scope } from "./scope.js";

/**
 * Notes the routes that are declared after it. The function it returns answers every other method of their addresses: 405
 * with `Allow` (RFC 9110 §15.5.6), and OPTIONS with the same header. Call it when all are declared.
 */
export function watchMethods(scope: Scope): () => void {
  const routes = new Map<
    string,
    { readonly methods: Set<string>; readonly config: RouteOptions["config"] }
  >();
  scope.addHook("onRoute", ({ url, method, config }) => {
    const known = routes.get(url) ?? { methods: new Set(["OPTIONS"]), config };
    routes.set(url, known);
    for (const one of [method].flat()) known.methods.add(one);
  });
  return () => {
    for (const [url, { methods, config }] of [...routes]) {
      const allow = [...methods].sort().join(", ");
      const hidden = { url, schema: { hide: true }, ...(config === undefined ? {} : { config }) };
      scope.route({
        ...hidden,
        method: "OPTIONS",
        handler: async (_request, reply) => reply.code(204).header("allow", allow).send(),
      });
      scope.route({
        ...hidden,
        method: scope.supportedMethods.filter((method) => !methods.has(method)),
        // Before the body is read: whatever it holds, it came to the wrong place.
        onRequest: async ({ method }) => {
          throw new HttpProblem("method-not-allowed", `${method} is not for this address.`, {}, { allow });
        },
        handler: async () => {},
      });
    }
  };
}
