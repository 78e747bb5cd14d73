import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { HttpProblem, problemBody } from "./problems.js";

/** Answers what is no HTTP, too large in its headers or too slow to be a request: no route ever sees it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const body = problemBody(problemOf(error.code));
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(text)}`,
      "Connection: close",
      "",
      text,
    ].join("\r\n"),
  );
}

/** Answers a request that expects what no server can promise (RFC 9110 §10.1.1). */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = problemBody(
    new HttpProblem("expectation-failed", "Only 100-continue may be expected of this server."),
  );
  const text = JSON.stringify(body);
  response.writeHead(body.status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  response.end(text);
}

function problemOf(code: string | undefined): HttpProblem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new HttpProblem("request-timeout", "The request did not arrive in time.");
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return new HttpProblem("headers-too-large", "The request line and its headers may have 8 KB together.");
  }
  return new HttpProblem("request-invalid", "The request is not well formed.");
}
