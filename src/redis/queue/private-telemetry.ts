import type { Attributes, Exception, Span, Telemetry } from 'bullmq';

/** The attributes of BullMQ's spans that identify a job. Others contain results, options and failure reasons. */
const SHOWN: ReadonlySet<string> = new Set([
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.name',
  'bullmq.job.id',
  'bullmq.job.attempts.made',
]);

const selectShown = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => SHOWN.has(name)));

const nameOf = (exception: Exception): string =>
  typeof exception === 'string' ? 'Error' : (exception.name ?? 'Error');

const privateSpan = (span: Span): Span => ({
  setSpanOnContext: (context) => span.setSpanOnContext(context),
  setAttribute: (name, value) => span.setAttributes(selectShown({ [name]: value })),
  setAttributes: (attributes) => span.setAttributes(selectShown(attributes)),
  addEvent: (name) => span.addEvent(name),
  recordException: (exception, time) => span.recordException({ name: nameOf(exception) }, time),
  end: () => span.end(),
});

/**
 * Limits BullMQ's telemetry to an allow-list: its spans also contain results and failure reasons of jobs, which are answers
 * and messages of the merchant's code, or errors of Redis with their command. Of an error only its name is kept.
 */
export const redactTelemetry = ({ tracer, contextManager, meter }: Telemetry): Telemetry => ({
  tracer: { startSpan: (name, options, context) => privateSpan(tracer.startSpan(name, options, context)) },
  contextManager,
  ...(meter === undefined ? {} : { meter }),
});
