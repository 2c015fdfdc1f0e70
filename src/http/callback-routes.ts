import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallbackRecord, Outcome } from '../receive/outcome.ts';
import { replyTo } from '../receive/reply.ts';
import type { Inbound } from '../wire/inbound.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { sendProblem } from './problem.ts';
import { type RequestTracer, traceRequests } from './trace-requests.ts';

export type CallbackRoutesOptions = {
  readonly receive: (inbound: Inbound) => Promise<Outcome>;
  /** Whether callbacks may come from this address at all. */
  readonly isAllowedSource: (address: string) => boolean;
  /** Products that have an address. */
  readonly products: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onCallback: (record: CallbackRecord) => void;
  /** Absent where nothing is traced. */
  readonly tracer?: RequestTracer;
};

/** The merchant of the addresses that name none. */
const DEFAULT_MERCHANT = 'default';

/** Far above what a wrong secret at PayCools makes, far below what a guesser needs. */
const FAILURES = { limit: 600, windowMs: 60_000 };

type Address = { readonly merchant: string; readonly product: string | null };

const addressOf = (request: FastifyRequest): Address => {
  const { merchant = DEFAULT_MERCHANT, product = null } = request.params as { merchant?: string; product?: string };
  return { merchant, product };
};

declare module 'fastify' {
  interface FastifyRequest {
    /** What became of the callback, and when it came in (milliseconds since 1970); null until that is known. */
    received: { readonly outcome: Outcome; readonly receivedAt: number } | null;
  }
}

const EMPTY = new Uint8Array();

const bodyOf = ({ body }: FastifyRequest): Uint8Array => (body instanceof Uint8Array ? body : EMPTY);

/**
 * The callback addresses. Fastify reads the bytes (with limit and length check) and nothing else: what they mean is
 * found out where it can be proved.
 */
export const callbackRoutes = async (app: FastifyInstance, options: CallbackRoutesOptions): Promise<void> => {
  const endTrace = options.tracer === undefined ? null : traceRequests(app, options.tracer);
  const limiter = new FailureLimiter({ ...FAILURES, now: options.now });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.decorateRequest('received', null);

  app.addHook('onRequest', (request, reply, done) => {
    const { product } = addressOf(request);
    if (!options.isAllowedSource(request.ip)) sendProblem(reply, 'forbidden');
    else if (product !== null && !options.products.has(product)) sendProblem(reply, 'not-found');
    else done();
  });

  app.addHook('onResponse', (request, reply, done) => {
    const { outcome, receivedAt } = request.received ?? { outcome: null, receivedAt: options.now() };
    const { id: requestId, ip: source } = request;
    const { merchant, product } = addressOf(request);
    const { elapsedTime: durationMs, statusCode: status } = reply;
    const body = bodyOf(request);
    const record = { requestId, merchant, product, source, receivedAt, body, outcome, status, durationMs };
    options.onCallback(record);
    endTrace?.(request, record);
    done();
  });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const receivedAt = options.now();
    const inbound = { ...addressOf(request), source: request.ip, body: bodyOf(request), receivedAt };
    const outcome = await options.receive(inbound);
    request.received = { outcome, receivedAt };
    const retryAfterS = outcome.kind === 'forged' ? limiter.note(request.ip) : null;
    if (retryAfterS !== null) return sendProblem(reply.header('retry-after', retryAfterS), 'too-many-failures');
    const answer = replyTo(outcome);
    if (answer.kind === 'problem') return sendProblem(reply, answer.code);
    return reply.type('application/json; charset=utf-8').send(answer.body);
  };

  for (const path of ['/callbacks', '/callbacks/:product']) {
    app.post(path, handle);
    app.post(`/merchants/:merchant${path}`, handle);
  }
};
