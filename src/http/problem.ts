import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ProblemCode, problemOf, problems } from '../core/problems.ts';

export const PROBLEM_TYPE = 'application/problem+json';
/** How long a sender should wait before it repeats a callback that could not be stored, in seconds. */
const RETRY_AFTER_S = 5;

/** Replies with a problem (RFC 9457). */
export const sendProblem = (reply: FastifyReply, code: ProblemCode): FastifyReply => {
  if (code === 'unavailable') reply.header('retry-after', RETRY_AFTER_S);
  if (code === 'method-not-allowed') reply.header('allow', 'POST');
  return reply
    .code(problems[code].status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemOf(code, reply.request.id)));
};

/** Errors with which Fastify refuses a request. */
const CODE_OF_ERROR = new Map<string, ProblemCode>([
  ['FST_ERR_BAD_URL', 'malformed'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'not-found'],
]);

/** Statuses with which Fastify refuses a request before a handler runs. Every other error is our own bug. */
const CODE_OF_STATUS = new Map<number, ProblemCode>([
  [400, 'malformed'],
  [408, 'request-timeout'],
  [413, 'too-large'],
  [415, 'unsupported-media-type'],
  [503, 'unavailable'],
]);

/** The problem for an error that Fastify or a handler threw; `internal` if it is a bug. */
export const problemCodeOf = ({ code, statusCode = 500 }: FastifyError): ProblemCode =>
  CODE_OF_ERROR.get(code) ?? CODE_OF_STATUS.get(statusCode) ?? 'internal';

/** Replies with the problem for an error that Fastify or a handler threw; `onBug` is called with unexpected errors. */
export const problemHandler =
  (onBug: (error: unknown) => void) =>
  (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const code = problemCodeOf(error);
    if (code === 'internal') onBug(error);
    return sendProblem(reply, code);
  };
