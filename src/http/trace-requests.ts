import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CallbackRecord } from '../receive/outcome.ts';
import type { Refusal } from './refusal.ts';

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
  readonly traceId: string;
  /** Runs work so that what it starts belongs to this request. */
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

/** Traces every request to the addresses that are registered on `app` after this. Whoever holds the visits ends the spans. */
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
