import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { DeviceId } from "../core/device.js";
import { messageOf } from "../core/errors.js";
import type { Gateway } from "../core/gateway.js";
import type { HookCalls } from "../core/hooks.js";
import type { Log } from "../core/log.js";
import { requireToken } from "./authentication.js";
import { answerClientError, answerExpectation } from "./client-errors.js";
import { commandRoutes } from "./commands.js";
import { deviceRoutes } from "./devices.js";
import { EventFeed } from "./event-feed.js";
import { eventRoutes } from "./events.js";
import { frameworkLog } from "./framework-log.js";
import { healthRoutes, type Readiness } from "./health.js";
import { hookRoutes } from "./hooks.js";
import { hostGuard } from "./hosts.js";
import { parseJsonBody } from "./json-body.js";
import { watchMethods } from "./methods.js";
import { metricRoutes } from "./metrics.js";
import { collectRoutes, openapiRoute } from "./openapi.js";
import { HttpProblem, problemBody, problemOf } from "./problems.js";
import { limitAddresses, limitTokens } from "./rate-limits.js";
import type { Scope } from "./scope.js";
import { Tally } from "./tally.js";
import type { Tokens } from "./tokens.js";
import { validatorCompiler } from "./validation.js";
import { WrongTokens } from "./wrong-tokens.js";

const bodyLimit = 65_536;
const headerLimit = 8_192;
/** For a whole request to arrive, and for a connection to stay without one. */
const requestTimeout = 10_000;
const checkEvery = 1_000;
const connectionLimit = 256;
/** For a connection on which nothing moves, such as one whose peer reads no answer. Event streams speak every 15 s. */
const connectionTimeout = 60_000;

export interface AppParts {
  readonly gateway: Gateway;
  readonly hooks: HookCalls;
  readonly tokens: Tokens;
  /** The address to listen on: the Host header may name it. */
  readonly host: string;
  /** Of the gateway. */
  readonly version: string;
  readonly jidOf: (id: DeviceId) => string;
  readonly readiness: () => Readiness;
  readonly log: Log;
}

/** The HTTP face, not yet listening. */
export function buildApp(parts: AppParts): FastifyInstance {
  const { log } = parts;

  function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = problemOf(error);
    if (problem !== undefined) return sendProblem(reply, problem);
    log.error(
      // Without its query: a webhook's may hold a token.
      { err: error, method: request.method, path: request.url.replace(/\?.*/s, "") },
      `a request failed: ${messageOf(error)}`,
    );
    return sendProblem(
      reply,
      new HttpProblem("internal-error", "The gateway made a mistake; its log says more."),
    );
  }

  const app = Fastify({
    bodyLimit,
    requestTimeout,
    connectionTimeout,
    keepAliveTimeout: requestTimeout,
    http: {
      connectionsCheckingInterval: checkEvery,
      headersTimeout: requestTimeout,
      maxHeaderSize: headerLimit,
    },
    loggerInstance: frameworkLog(log),
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: onError,
    clientErrorHandler: answerClientError,
  });
  app.server.maxConnections = connectionLimit;
  app.server.on("checkExpectation", answerExpectation);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async ({ headers }: FastifyRequest, body: Buffer) => parseJsonBody(body, headers["content-encoding"]),
  );
  app.setValidatorCompiler(validatorCompiler);
  // The document's schemas describe the answers; tests hold them to it, and nothing is checked twice while it runs.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(onError);
  app.setNotFoundHandler(({ method }) => {
    throw app.supportedMethods.includes(method)
      ? new HttpProblem("not-found", "There is nothing at this address; docs/http.md has the list.")
      : new HttpProblem("method-unknown", `The method ${method} is not known here.`);
  });

  const checkHost = hostGuard(parts.host);
  app.addHook("onRequest", async (request) => checkHost(request.headers.host));
  limitAddresses(app);
  const wrongTokens = new WrongTokens(log);
  requireToken(app, parts.tokens, wrongTokens);
  limitTokens(app);
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    reply.header("x-content-type-options", "nosniff");
  });
  const feed = new EventFeed(parts.gateway);
  const tally = new Tally(parts.gateway);
  app.addHook("preClose", async () => feed.stop());
  app.addHook("onResponse", async (_request, { statusCode }) => tally.onResponse(statusCode));
  app.register(async (scope: Scope) => routes(scope, { ...parts, feed, tally, wrongTokens }));
  return app;
}

interface Parts extends AppParts {
  readonly feed: EventFeed;
  readonly tally: Tally;
  readonly wrongTokens: WrongTokens;
}

async function routes(scope: Scope, parts: Parts): Promise<void> {
  const { gateway, readiness, feed } = parts;
  const answerOtherMethods = watchMethods(scope);
  await collectRoutes(scope, parts.version);
  healthRoutes(scope, readiness);
  metricRoutes(scope, { ...parts, streams: () => feed.size });
  openapiRoute(scope);
  deviceRoutes(scope, gateway, parts.jidOf);
  commandRoutes(scope, gateway);
  eventRoutes(scope, feed, parts.tokens);
  await hookRoutes(scope, parts.hooks, parts.wrongTokens);
  answerOtherMethods();
}

function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const body = problemBody(problem);
  // With its own serializer the framework adds no charset, which this media type does not have (RFC 9457 §6.1).
  return reply
    .code(body.status)
    .headers(problem.headers)
    .header("content-type", "application/problem+json")
    .serializer(JSON.stringify)
    .send(body);
}
