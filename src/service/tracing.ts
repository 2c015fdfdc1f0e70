import type { ServiceSettings } from '../config/environment.ts';
import { ConfigurationError } from '../config/load.ts';
import type { KnownNames } from '../observe/callback-labels.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { Commit, Ledger, PaymentApprover, Spool } from '../receive/ports.ts';
import { createDeadline } from '../redis/deadline.ts';
import type { ServiceContext } from './context.ts';

/** Null if tracing is off; then OpenTelemetry is not loaded. */
export type OpenTracing = Tracing | null;

export type OpenTracingOptions = KnownNames & Pick<ServiceContext, 'settings' | 'logger'>;

/** How long a collector may delay the shutdown: in milliseconds, and as a share of SHUTDOWN_TIMEOUT_MS. */
const MAX_FLUSH = { ms: 1000, share: 1 / 4 };

/** The share of callbacks that is traced. */
const shareOf = ({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: ServiceSettings): number => {
  if (sampler.endsWith('always_on')) return 1;
  return sampler.endsWith('always_off') ? 0 : share;
};

/** Loads OpenTelemetry on demand, because its packages are optional and cost memory and time. */
const load = async () => {
  try {
    return await import('../observe/tracing.ts');
  } catch (error) {
    const missing = /Cannot find package '([^']+)'/.exec(error instanceof Error ? error.message : '')?.[1];
    if (missing === undefined) throw error;
    const problem = `needs the package ${missing}, which is not installed: npm install --include=optional`;
    throw new ConfigurationError([{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', problem }]);
  }
};

/**
 * Starts tracing if OTEL_EXPORTER_OTLP_ENDPOINT is set.
 *
 * @throws ConfigurationError if a package is missing
 */
export const openTracing = async (stack: AsyncDisposableStack, options: OpenTracingOptions): Promise<OpenTracing> => {
  const { settings, logger } = options;
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === '') return null;
  const { Tracing } = await load();
  const tracing = new Tracing({
    ...options,
    endpoint,
    share: shareOf(settings),
    onDown: (err) => logger.warn({ err }, 'traces cannot be sent and are dropped until the collector answers'),
    onUp: () => logger.info('traces can be sent again'),
  });
  const deadline = createDeadline(Math.min(MAX_FLUSH.ms, settings.SHUTDOWN_TIMEOUT_MS * MAX_FLUSH.share));
  stack.defer(() =>
    deadline.within(tracing.close()).catch((err) => logger.debug({ err }, 'the last traces were not sent')),
  );
  return tracing;
};

type TracedPorts = {
  readonly ledger: Ledger;
  readonly commit: Commit | null;
  readonly spool: Spool;
  readonly approver: PaymentApprover;
};

/** Wraps the ports so that each call is a step of the trace. */
export const traced = (tracing: OpenTracing, ports: TracedPorts): TracedPorts => {
  const { ledger, commit, spool, approver } = ports;
  if (tracing === null) return ports;
  return {
    ledger: {
      read: (subject) => tracing.step('ledger', () => ledger.read(subject)),
      replace: (subject, before, after) => tracing.step('ledger', () => ledger.replace(subject, before, after)),
      index: (indexed) => ledger.index(indexed),
      resolveName: (merchant, names) => tracing.step('ledger', () => ledger.resolveName(merchant, names)),
    },
    commit, // it traces its own enqueue
    spool: {
      append: (callback, text) =>
        tracing.step('spool', () => {
          const { traceparent: trace } = tracing;
          return spool.append({ ...callback, ...(trace === undefined ? {} : { trace }) }, text);
        }),
    },
    approver: {
      timeoutMs: approver.timeoutMs,
      ask: (event) => tracing.step('payment verification', () => approver.ask(event)),
    },
  };
};
