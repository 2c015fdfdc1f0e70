import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ProblemCode, problems } from '../core/problems.ts';
import type { Received } from '../receive/outcome.ts';
import { type HttpReply, replyTo } from '../receive/reply.ts';
import type { Inbound } from '../wire/inbound.ts';
import type { Connections } from './connections.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { sendProblem } from './problem.ts';
import { type RequestTracer, traceRequests } from './trace-requests.ts';
import type { Visits } from './visit.ts';

export type CallbackRoutesOptions = {
  readonly receive: (inbound: Inbound) => Promise<Received>;
  /** Whether callbacks may come from this address at all. */
  readonly isAllowedSource: (address: string) => boolean;
  /** Products that have an address. */
  readonly products: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Absent unless requests are traced. */
  readonly tracer?: RequestTracer;
};

/** What the listener adds to {@link CallbackRoutesOptions}. */
export type CallbackRoutesDependencies = CallbackRoutesOptions & {
  readonly visits: Visits;
  readonly connections: Connections;
};

/** The merchant of an address that names none. */
const DEFAULT_MERCHANT = 'default';

/** A wrong secret causes far fewer failures than this; guessing a signature needs far more. */
const FAILURES = { limit: 600, windowMs: 60_000 };

type Address = { readonly merchant: string; readonly product: string | null };

const addressOf = (request: FastifyRequest): Address => {
  const { merchant = DEFAULT_MERCHANT, product = null } = request.params as { merchant?: string; product?: string };
  return { merchant, product };
};

const isJson = (contentType = ''): boolean => contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/** Why a request is refused before its body is read; null if it is not. */
const refusalOf = (request: FastifyRequest, options: CallbackRoutesDependencies): ProblemCode | null => {
  const { product } = addressOf(request);
  const { headers, method, raw } = request;
  if (!options.isAllowedSource(options.visits.of(raw).source)) return 'forbidden';
  if (product !== null && !options.products.has(product)) return 'not-found';
  if (method !== 'POST') return 'method-not-allowed';
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' && isJson(headers['content-type']) ? null : 'unsupported-media-type';
};

const EMPTY = new Uint8Array();

const bodyOf = ({ body }: FastifyRequest): Uint8Array => (body instanceof Uint8Array ? body : EMPTY);

/** The reply to an outcome, or a 429 if the address has failed too often. */
const limitedReply = (reply: HttpReply, retryAfterS: number | null): HttpReply =>
  retryAfterS === null ? reply : { kind: 'problem', code: 'too-many-failures' };

const send = (reply: FastifyReply, content: HttpReply): FastifyReply =>
  content.kind === 'problem'
    ? sendProblem(reply, content.code)
    : reply.type('application/json; charset=utf-8').send(content.body);

/** The callback addresses. Fastify only reads the bytes, and checks their length: parsing is left to `receive`. */
export const callbackRoutes = async (app: FastifyInstance, options: CallbackRoutesDependencies): Promise<void> => {
  const { visits, tracer, connections } = options;
  const limiter = new FailureLimiter({ ...FAILURES, now: options.now });
  app.removeAllContentTypeParsers();
  // For every content type: it has been checked already, and parameters that Fastify cannot parse are ignored.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  if (tracer !== undefined) traceRequests(app, tracer, ({ raw }) => visits.of(raw));

  app.addHook('onRequest', (request, reply, done) => {
    const visit = visits.of(request.raw);
    visit.address = addressOf(request);
    const code = refusalOf(request, options);
    if (code === null) return done();
    visit.result = { kind: 'refused', code };
    sendProblem(reply, code);
  });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    let content: HttpReply = { kind: 'problem', code: 'internal' };
    await visits.handle(request.raw, async (visit) => {
      connections.setActivity(request.raw.socket, 'handling');
      const body = bodyOf(request);
      const { source, receivedAt } = visit;
      const received = await options.receive({ ...addressOf(request), source, body, receivedAt });
      const { outcome } = received;
      const isFailure = outcome.kind === 'forged' || outcome.kind === 'refused';
      const retryAfterS = isFailure ? limiter.recordFailure(source) : null;
      if (retryAfterS !== null) reply.header('retry-after', retryAfterS);
      connections.setActivity(request.raw.socket, 'transferring');
      if (received.genuine !== null) connections.trust(request.raw.socket);
      content = limitedReply(replyTo(outcome), retryAfterS);
      const status = content.kind === 'problem' ? problems[content.code].status : 200;
      visit.result = { kind: 'callback', ...received, status, body };
    });
    return send(reply, content);
  };

  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  const method = [...app.supportedMethods];
  for (const path of ['/callbacks', '/callbacks/:product']) {
    app.route({ method, url: path, handler: handle });
    app.route({ method, url: `/merchants/:merchant${path}`, handler: handle });
  }
};
