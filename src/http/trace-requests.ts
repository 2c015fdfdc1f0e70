import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CallbackRecord } from '../receive/outcome.ts';

/** What is known about a request once its head has arrived. */
export type RequestHead = {
  readonly method: string;
  /** The address with its parameters as names, such as `/callbacks/:product`. */
  readonly route: string;
  /** The header `traceparent` (W3C), from whoever sent it. */
  readonly traceparent: string | null;
};

/** A request while it is traced. */
export interface RequestSpan {
  /** Runs work so that what it starts belongs to this request. */
  run(work: () => void): void;
  end(record: CallbackRecord): void;
}

/** Traces requests to callback addresses. */
export interface RequestTracer {
  begin(head: RequestHead): RequestSpan;
}

const headOf = ({ method, routeOptions, headers }: FastifyRequest): RequestHead => {
  const { traceparent } = headers;
  return {
    method,
    route: routeOptions.url ?? '',
    traceparent: typeof traceparent === 'string' ? traceparent : null,
  };
};

/**
 * Traces every request of the addresses that are registered on `app` after this.
 *
 * @returns ends the trace of a request; the trace of an aborted request is never ended, and so never sent
 */
export const traceRequests = (
  app: FastifyInstance,
  tracer: RequestTracer,
): ((request: FastifyRequest, record: CallbackRecord) => void) => {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook('onRequest', async (request) => {
    spans.set(request, tracer.begin(headOf(request)));
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else span.run(done);
  });
  return (request, record) => spans.get(request)?.end(record);
};
