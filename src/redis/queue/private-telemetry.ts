import type { Attributes, Exception, Span, Telemetry } from 'bullmq';

/** The attributes of BullMQ's spans that say which job it was. Others hold results, options and reasons. */
const SHOWN: ReadonlySet<string> = new Set([
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.name',
  'bullmq.job.id',
  'bullmq.job.attempts.made',
]);

const shownOf = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => SHOWN.has(name)));

const nameOf = (exception: Exception): string =>
  typeof exception === 'string' ? 'Error' : (exception.name ?? 'Error');

const privateSpan = (span: Span): Span => ({
  setSpanOnContext: (context) => span.setSpanOnContext(context),
  setAttribute: (name, value) => span.setAttributes(shownOf({ [name]: value })),
  setAttributes: (attributes) => span.setAttributes(shownOf(attributes)),
  addEvent: (name) => span.addEvent(name),
  recordException: (exception, time) => span.recordException({ name: nameOf(exception) }, time),
  end: () => span.end(),
});

/**
 * BullMQ's telemetry by an allow-list: BullMQ itself writes what a job returned and why it failed into its spans, which
 * are answers and messages of the merchant's code, or what Redis said about a command. Of an error only its name stays.
 */
export const redactTelemetry = ({ tracer, contextManager, meter }: Telemetry): Telemetry => ({
  tracer: { startSpan: (name, options, context) => privateSpan(tracer.startSpan(name, options, context)) },
  contextManager,
  ...(meter === undefined ? {} : { meter }),
});
