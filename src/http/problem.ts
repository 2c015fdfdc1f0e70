import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ProblemCode, problemOf, problems } from '../core/problems.ts';

const CONTENT_TYPE = 'application/problem+json';
/** How long a caller should wait before it sends again what could not be stored, in seconds. */
const RETRY_AFTER_S = 5;

/** Replies with a problem (RFC 9457). */
export const sendProblem = (reply: FastifyReply, code: ProblemCode): FastifyReply => {
  if (code === 'unavailable') reply.header('retry-after', RETRY_AFTER_S);
  return reply
    .code(problems[code].status)
    .type(CONTENT_TYPE)
    .send(JSON.stringify(problemOf(code, reply.request.id)));
};

/** Statuses with which Fastify refuses a request before a handler runs. Every other error is a bug of ours. */
const CODE_OF_STATUS = new Map<number, ProblemCode>([
  [400, 'malformed'],
  [408, 'request-timeout'],
  [413, 'too-large'],
  [415, 'unsupported-media-type'],
  [503, 'unavailable'],
]);

/** Turns what Fastify or a handler threw into a problem; `onBug` is called with unexpected errors. */
export const problemHandler =
  (onBug: (error: unknown, request: FastifyRequest) => void) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const code = CODE_OF_STATUS.get(error.statusCode ?? 500) ?? 'internal';
    if (code === 'internal') onBug(error, request);
    return sendProblem(reply, code);
  };

const CODE_OF_CLIENT_ERROR = new Map<string | undefined, ProblemCode>([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request-timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
]);

/** Replies to what is not valid HTTP. There is no request yet, so the response is written by hand. */
export const answerBrokenRequest = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(CODE_OF_CLIENT_ERROR.get(error.code) ?? 'malformed', randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
