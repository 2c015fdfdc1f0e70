import type { FastifyInstance } from 'fastify';
import { anyAddress } from '../config/address-list.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { buildPublicListener } from '../http/public-listener.ts';
import { createCallbackObserver } from '../observe/callbacks.ts';
import { FloodLog } from '../observe/flood-log.ts';
import { flatLogger } from '../observe/logger.ts';
import { createRefusalObserver } from '../observe/refusals.ts';
import type { Registry } from '../products/registry.ts';
import { callbackEntry, type Journal } from '../receive/journal.ts';
import type { CallbackRecord } from '../receive/outcome.ts';
import { receive } from '../receive/receive.ts';
import type { ServiceContext } from './context.ts';
import type { SpoolService } from './spool-service.ts';
import type { Store } from './store.ts';
import { type OpenTracing, traced } from './tracing.ts';

export type PublicListenerSetup = ServiceContext & {
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly store: Store;
  readonly spool: SpoolService;
  readonly journal: Journal;
  /** Counts a callback, for the charts. */
  readonly count: (record: CallbackRecord) => void;
  readonly tracing: OpenTracing;
};

/** The ports of the use case; their calls are traced if tracing is on. */
const receivePortsOf = ({ registry, merchants, store, spool, tracing }: PublicListenerSetup) => {
  const { ledger, commit, approver, queue, deadline, gate } = store;
  return {
    registry,
    merchants,
    queue,
    deadline,
    gate,
    ...traced(tracing, { ledger, commit, spool: spool.spool, approver }),
  };
};

/** The share of SHUTDOWN_TIMEOUT_MS that clients may take to end; the rest is for closing everything else. */
const CLIENTS_SHARE = 1 / 2;

/** Builds the listener that PayCools calls, with the observers of its callbacks. */
export const openPublicListener = (stack: AsyncDisposableStack, setup: PublicListenerSetup): FastifyInstance => {
  const { settings, logger, metrics, journal, count, tracing, onBug, now } = setup;
  const ports = receivePortsOf(setup);
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
    cutAfterMs: settings.SHUTDOWN_TIMEOUT_MS * CLIENTS_SHARE,
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
