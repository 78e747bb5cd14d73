import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { DeviceId } from "../core/device.js";
import { messageOf } from "../core/errors.js";
import type { Gateway } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import { requireToken } from "./authentication.js";
import { answerClientError } from "./client-errors.js";
import { commandRoutes } from "./commands.js";
import { deviceRoutes } from "./devices.js";
import { EventFeed } from "./event-feed.js";
import { eventRoutes } from "./events.js";
import { frameworkLog } from "./framework-log.js";
import { healthRoutes, type Readiness } from "./health.js";
import { hostGuard } from "./hosts.js";
import { parseJsonBody } from "./json-body.js";
import { HttpProblem, problemBody, problemOf } from "./problems.js";
import type { Tokens } from "./tokens.js";

const bodyLimit = 65_536;
const requestTimeout = 10_000;

export interface AppParts {
  readonly gateway: Gateway;
  readonly tokens: Tokens;
  /** The address to listen on: the Host header may name it. */
  readonly host: string;
  readonly jidOf: (id: DeviceId) => string;
  readonly readiness: () => Readiness;
  readonly log: Log;
}

/** The HTTP face, not yet listening. */
export function buildApp(parts: AppParts): FastifyInstance {
  const { log } = parts;

  function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
    const body = problemBody(problem);
    // With its own serializer the framework adds no charset, which this media type does not have (RFC 9457 §6.1).
    return reply
      .code(body.status)
      .header("content-type", "application/problem+json")
      .serializer(JSON.stringify)
      .send(body);
  }

  function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = problemOf(error);
    if (problem !== undefined) return sendProblem(reply, problem);
    log.error(
      { err: error, method: request.method, url: request.url },
      `a request failed: ${messageOf(error)}`,
    );
    return sendProblem(
      reply,
      new HttpProblem("internal-error", "The gateway made a mistake; its log says more."),
    );
  }

  function onUnknownRoute(request: FastifyRequest): never {
    throw new HttpProblem("not-found", `There is no ${request.method} here; docs/http.md has the list.`);
  }

  const app = Fastify({
    bodyLimit,
    requestTimeout,
    loggerInstance: frameworkLog(log),
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: onError,
    clientErrorHandler: answerClientError,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => parseJsonBody(body),
  );
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onUnknownRoute);

  const checkHost = hostGuard(parts.host);
  app.addHook("onRequest", async (request) => checkHost(request.headers.host));
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    reply.header("x-content-type-options", "nosniff");
  });

  healthRoutes(app, parts.readiness);
  app.register(
    async (scope) => {
      requireToken(scope, parts.tokens);
      scope.setNotFoundHandler(onUnknownRoute);
      deviceRoutes(scope, parts.gateway, parts.jidOf);
      commandRoutes(scope, parts.gateway);
      eventRoutes(scope, new EventFeed(parts.gateway), parts.tokens);
    },
    { prefix: "/api" },
  );
  return app;
}
