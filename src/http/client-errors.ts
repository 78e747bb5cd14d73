import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { HttpProblem, problemBody } from "./problems.js";

/** Answers what is no HTTP, too large in its headers or too slow to be a request: no route ever sees it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const problem =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new HttpProblem("request-timeout", "The request did not arrive in time.")
      : new HttpProblem("request-invalid", "The request is not well formed, or its headers are too large.");
  const body = problemBody(problem);
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
