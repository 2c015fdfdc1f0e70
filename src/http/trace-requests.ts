import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CallbackRecord } from '../receive/outcome.ts';
import type { Refusal } from './refusal.ts';

/** What is known about a request once its head has been received. */
export type RequestHead = {
  readonly method: string;
  /** The path with the names of its parameters, such as `/callbacks/:product`. */
  readonly route: string;
  /** The header `traceparent` (W3C), which any sender may set. */
  readonly traceparent: string | null;
};

/** A request while it is traced. */
export interface RequestSpan {
  readonly traceId: string;
  /** Runs work in the context of this span, so that spans started by it belong to the request. */
  run(work: () => void): void;
  end(record: CallbackRecord | Refusal): void;
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

/** Starts a span for every request to a route that is registered on `app` after this; the visit ends the span. */
export const traceRequests = (
  app: FastifyInstance,
  tracer: RequestTracer,
  visitOf: (request: FastifyRequest) => { span: RequestSpan | null },
): void => {
  app.addHook('onRequest', async (request) => {
    visitOf(request).span = tracer.begin(headOf(request));
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const { span } = visitOf(request);
    if (span === null) done();
    else span.run(done);
  });
};
