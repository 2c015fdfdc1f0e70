import type { FastifyInstance } from 'fastify';
import { anyAddress } from '../config/address-list.ts';
import type { ServiceSettings } from '../config/environment.ts';
import { buildPublicListener } from '../http/public-listener.ts';
import type { KnownNames } from '../observe/callback-labels.ts';
import { createCallbackObserver } from '../observe/callbacks.ts';
import { FloodLog } from '../observe/flood-log.ts';
import { flatLogger, type Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createRefusalObserver } from '../observe/refusals.ts';
import { callbackEntry, type Journal } from '../receive/journal.ts';
import type { CallbackRecord } from '../receive/outcome.ts';
import { type ReceivePorts, receive } from '../receive/receive.ts';
import type { OpenTracing } from './tracing.ts';

export type PublicListenerSetup = {
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ports: ReceivePorts & Pick<KnownNames, 'merchants'>;
  readonly journal: Journal;
  /** Counts a callback, for the charts. */
  readonly count: (record: CallbackRecord) => void;
  readonly tracing: OpenTracing;
  readonly onBug: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** The part of SHUTDOWN_TIMEOUT_MS that clients may take to end; the rest is for closing everything else. */
const CLIENTS_PART = 1 / 2;

/** Builds the listener that PayCools calls, with everything that watches it. */
export const openPublicListener = (stack: AsyncDisposableStack, setup: PublicListenerSetup): FastifyInstance => {
  const { settings, logger, metrics, ports, journal, count, tracing, onBug, now } = setup;
  const floods = stack.use(new FloodLog(flatLogger(logger)));
  const observe = createCallbackObserver({ metrics, logger, floods, consoleUrl: settings.CONSOLE_URL, ...ports });
  const allowed = settings.ALLOWED_IPS ?? anyAddress;
  return buildPublicListener({
    receive: (inbound) => receive(ports, inbound),
    isAllowedSource: (address) => allowed.has(address),
    trustProxy: settings.TRUST_PROXY,
    products: new Set(ports.registry.byProduct.keys()),
    bodyLimit: settings.BODY_LIMIT,
    maxConnections: settings.MAX_CONNECTIONS,
    keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT_MS,
    cutAfterMs: settings.SHUTDOWN_TIMEOUT_MS * CLIENTS_PART,
    now,
    onBug,
    onRefused: createRefusalObserver({ metrics, floods }),
    onCallback: (record) => {
      observe(record);
      journal.record(callbackEntry(record));
      count(record);
    },
    ...(tracing === null ? {} : { tracer: tracing }),
  });
};
