import type { ConfigSource, Settings } from '../config/load.ts';
import { DEFAULT_TIME_ZONE } from '../core/time.ts';
import { type Health, healthOf } from '../http/ops-listener.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { ProductDefinition } from '../products/definition.ts';
import { createRegistry, products } from '../products/registry.ts';
import { readinessOf } from '../receive/readiness.ts';
import { openConfirmation } from './confirmation.ts';
import { openConsole } from './console.ts';
import type { ServiceContext } from './context.ts';
import { openJournal } from './journal.ts';
import { listen, listenersOf } from './listen.ts';
import { openMerchants } from './merchants.ts';
import { openOpsListener } from './ops-listener.ts';
import { openPublicListener } from './public-listener.ts';
import { openQueueDepths } from './queue-depths.ts';
import { openReconciliation } from './reconciliation.ts';
import { openSpoolService } from './spool-service.ts';
import { openStore } from './store.ts';
import { openTracing } from './tracing.ts';

export type ServiceOptions = {
  readonly settings: Settings;
  readonly readFile: ConfigSource['readFile'];
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Exported as a metric. */
  readonly build: BuildInfo;
  /** Product families. Default: all. */
  readonly definitions?: readonly ProductDefinition[];
};

/** Version and revision of the service, and the version of Node.js. */
export type BuildInfo = { readonly version: string; readonly revision: string; readonly node: string };

/** The running service. */
export type Service = AsyncDisposable & {
  /** URLs of the listeners: `http://host:port`. */
  readonly publicUrl: string;
  readonly opsUrl: string;
  /** Reads MERCHANTS_FILE again. */
  readonly reloadMerchants: () => void;
};

/**
 * Builds the service and starts listening. Everything that it opens is on one stack and closed in reverse order, even if a
 * later step fails: readiness first, then the listeners with their requests in flight, then Redis.
 *
 * @throws ConfigurationError if MERCHANTS_FILE cannot be used, or a package is missing
 * @throws ListenError
 */
export const startService = async (options: ServiceOptions): Promise<Service> => {
  const { logger, now, build, definitions = products } = options;
  const { service: settings, merchant } = options.settings;
  await using stack = new AsyncDisposableStack();
  const registry = createRegistry(definitions);
  const metrics = createMetrics();
  metrics.buildInfo.set(build, 1);
  const onBug = (err: unknown): void => logger.error({ err }, 'unexpected error');
  const context: ServiceContext = { settings, logger, metrics, now, onBug };
  const { merchants, problem } = openMerchants(stack, { ...options, metrics });
  const tracing = await openTracing(stack, { settings, logger, merchants, registry });
  const store = openStore(stack, { ...context, tracing, families: [...registry.byProduct.keys()] });
  const ports = { registry, ledger: store.ledger, queue: store.queue, commit: store.commit };
  const spool = openSpoolService(stack, { ...context, merchants, store, ports, tracing });
  const queues = openQueueDepths(stack, { ...context, registry, store });
  const journal = openJournal(stack, context);
  const timeZone = merchant?.PAYCOOLS_TIME_ZONE ?? DEFAULT_TIME_ZONE;
  openReconciliation(stack, { ...context, registry, merchants, store, journal, timeZone });
  openConfirmation(stack, { ...context, merchants, store, ports, tracing });
  let isStopping = false;
  const health = async (): Promise<Health> => {
    await store.gate.refresh();
    return healthOf(readinessOf({ redis: store.gate, spool, config: problem() }), isStopping);
  };
  const { routes, count } = openConsole(stack, { ...context, health, merchants, ports, queues, spool });
  const publicApp = openPublicListener(stack, {
    ...context,
    registry,
    merchants,
    store,
    spool,
    journal,
    count,
    tracing,
  });
  const opsApp = openOpsListener({ ...context, health, definitions, spool, queues, console: routes });
  stack.defer(() => opsApp.close());
  stack.defer(() => publicApp.close());
  stack.defer(() => {
    isStopping = true;
  });

  const listeners = listenersOf(settings);
  const opsUrl = await listen(opsApp, listeners.operations);
  const publicUrl = await listen(publicApp, listeners.public);
  const running = stack.move();
  return {
    publicUrl,
    opsUrl,
    reloadMerchants: () => merchants.reload(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
