import {
  type Attributes,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import type { Refusal } from '../http/refusal.ts';
import type { RequestHead, RequestSpan, RequestTracer } from '../http/trace-requests.ts';
import { type CallbackRecord, eventIn } from '../receive/outcome.ts';
import { type KnownNames, labelsOf } from './callback-labels.ts';
import { SpanSender, type SpanSenderOptions } from './span-sender.ts';

const NAME = 'paycools-webhooks';
/** Up to 2,048 spans are buffered between two sends; further ones are dropped. */
const SEND_EVERY_MS = 1000;

/** A step of processing a callback that has its own span, in addition to the enqueue. */
export type Step = 'ledger' | 'spool' | 'payment verification';

export type TracingOptions = SpanSenderOptions &
  KnownNames & {
    /** Share of the traces to record, from 0 to 1. */
    readonly share: number;
  };

/**
 * Samples traces at their root: a share of those that start with a callback or an event, and none of BullMQ's
 * housekeeping, such as checks for stalled jobs.
 */
const samplerOf = (share: number): Sampler => {
  const ratio = new TraceIdRatioBasedSampler(share);
  return {
    shouldSample: (parent, traceId, _name, kind) =>
      kind === SpanKind.INTERNAL ? { decision: SamplingDecision.NOT_RECORD } : ratio.shouldSample(parent, traceId),
    toString: () => `without housekeeping, ${ratio}`,
  };
};

const propagator = new W3CTraceContextPropagator();

/** The caller's span, without the header `tracestate`, which may contain anything. */
const callerOf = ({ traceparent }: Pick<RequestHead, 'traceparent'>): SpanContext | undefined =>
  trace.getSpanContext(propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter));

/** The attributes of a callback's span, chosen one by one like the fields of its log line. */
const attributesOf = (record: CallbackRecord, names: KnownNames): Attributes => {
  const labels = labelsOf(record, names);
  const event = eventIn(record.outcome);
  const data: Record<string, unknown> = { ...event?.data };
  const { transactionId } = data;
  return {
    'http.response.status_code': record.status,
    'paycools.request.id': record.requestId,
    'paycools.merchant': labels.merchant,
    'paycools.product': labels.product,
    'paycools.outcome': labels.outcome,
    ...(event === null ? {} : { 'paycools.event.id': event.id, 'paycools.event.type': event.type }),
    ...(typeof transactionId === 'string' ? { 'paycools.transaction.id': transactionId } : {}),
  };
};

const refusalAttributesOf = ({ status, requestId, reason }: Refusal): Attributes => ({
  ...(status === null ? {} : { 'http.response.status_code': status }),
  'paycools.request.id': requestId,
  'paycools.refusal': reason,
});

/** Marks a span as failed, with the kind of error only: an error message may repeat the content of a callback. */
const markFailed = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
};

/** Runs work, and ends the span with it. */
const runInSpan = async <Value>(span: Span, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
};

/**
 * OpenTelemetry: a span for each callback and for its steps, sent to a collector in the background. Loaded only if
 * tracing is enabled.
 */
export class Tracing implements RequestTracer {
  /** For BullMQ's queues and workers: creates their spans and passes the trace context on with each job. */
  readonly telemetry: Telemetry;
  readonly #provider: TracerProvider;
  readonly #names: KnownNames;

  constructor(options: TracingOptions) {
    this.#names = options;
    const service = resourceFromAttributes({ 'service.name': NAME });
    this.#provider = new TracerProvider({
      resource: service.merge(detectResources({ detectors: [envDetector] })),
      sampler: new ParentBasedSampler({ root: samplerOf(options.share) }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new SpanSender(options), scheduledDelayMillis: SEND_EVERY_MS }),
      ],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(propagator);
    trace.setGlobalTracerProvider(this.#provider);
    this.telemetry = new BullMQOtel({ tracerName: NAME });
  }

  /**
   * Starts the span of a request. Anyone who sends a callback can write any `traceparent`, and most ingresses pass it
   * on unchanged. So it becomes a link, never the parent: no outsider decides what is recorded in whose trace.
   */
  begin(head: RequestHead): RequestSpan {
    const caller = callerOf(head);
    const span = this.#tracer.startSpan(`${head.method} ${head.route}`, {
      kind: SpanKind.SERVER,
      root: true,
      attributes: { 'http.request.method': head.method, 'http.route': head.route },
      links: caller === undefined ? [] : [{ context: caller }],
    });
    return {
      traceId: span.spanContext().traceId,
      run: (work) => context.with(trace.setSpan(context.active(), span), work),
      end: (record) => {
        span.setAttributes('reason' in record ? refusalAttributesOf(record) : attributesOf(record, this.#names));
        if ((record.status ?? 0) >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  /** Runs one step of processing a callback in its own span; outside a trace it only runs the step. */
  async step<Value>(name: Step, work: () => Promise<Value>): Promise<Value> {
    if (trace.getActiveSpan() === undefined) return work();
    return this.#tracer.startActiveSpan(name, (span) => runInSpan(span, work));
  }

  /** The active span as a W3C `traceparent`; undefined outside a trace. */
  get traceparent(): string | undefined {
    const carrier: { traceparent?: string } = {};
    propagator.inject(context.active(), carrier, defaultTextMapSetter);
    return carrier.traceparent;
  }

  /** Runs work that follows a callback later, as a separate trace with a link to the callback's trace. */
  async runLinked<Value>(name: string, traceparent: string | undefined, work: () => Promise<Value>): Promise<Value> {
    const origin = callerOf({ traceparent: traceparent ?? null });
    const options = { kind: SpanKind.CONSUMER, root: true, links: origin === undefined ? [] : [{ context: origin }] };
    return this.#tracer.startActiveSpan(name, options, (span) => runInSpan(span, work));
  }

  /** Sends the remaining spans. Nothing is traced afterwards. */
  async close(): Promise<void> {
    try {
      await this.#provider.shutdown();
    } finally {
      for (const api of [trace, propagation, context]) api.disable();
    }
  }

  get #tracer() {
    return this.#provider.getTracer(NAME);
  }
}
