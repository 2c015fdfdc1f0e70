import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ConfigProblem, ConfigSource, Settings } from '../config/load.ts';
import { type KeyInfo, MerchantDirectory } from '../config/merchant-directory.ts';
import { referenceRoutes } from '../console/routes/reference-routes.ts';
import { authorityOf } from '../core/base-url.ts';
import { openApiDocument } from '../http/openapi.ts';
import { buildOpsListener, type Health, healthOf } from '../http/ops-listener.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { asyncApiDocument } from '../products/asyncapi.ts';
import type { ProductDefinition } from '../products/definition.ts';
import { productJsonSchema } from '../products/event.ts';
import { createRegistry, products, type Registry } from '../products/registry.ts';
import { readinessOf } from '../receive/readiness.ts';
import type { ReceivePorts } from '../receive/receive.ts';
import { ConfigurationError } from './configuration-error.ts';
import { openConfirmation } from './confirmation.ts';
import { openConsole } from './console.ts';
import { explainListenFailure, ListenError, type ListenerAddress, listenersOf } from './explain-listen-failure.ts';
import { openJournal } from './journal.ts';
import { openPublicListener } from './public-listener.ts';
import { openQueueDepths } from './queue-depths.ts';
import { openReconciliation } from './reconciliation.ts';
import { openSpoolService, type SpoolService } from './spool-service.ts';
import { openStore, type Store } from './store.ts';
import { type OpenTracing, openTracing, traced } from './tracing.ts';
import { watchFile } from './watch-file.ts';

export type ServiceOptions = {
  readonly settings: Settings;
  readonly readFile: ConfigSource['readFile'];
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What runs, for the metrics. */
  readonly build: BuildInfo;
  readonly definitions?: readonly ProductDefinition[];
};

/** Version and revision of the service, and the version of Node.js. */
export type BuildInfo = { readonly version: string; readonly revision: string; readonly node: string };

/** The running service. */
export type Service = AsyncDisposable & {
  /** Where the listeners are, `http://host:port`. */
  readonly publicUrl: string;
  readonly opsUrl: string;
  /** Reads MERCHANTS_FILE again. */
  readonly reloadMerchants: () => void;
};

const listen = async (app: FastifyInstance, address: ListenerAddress): Promise<string> => {
  const { host, port } = address;
  await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(explainListenFailure(address, error.code ?? error.name), { cause: error });
  });
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${authorityOf({ host, port: bound })}`;
};

type OpenMerchants = { readonly merchants: MerchantDirectory; readonly problem: () => string | null };

const openMerchants = ({ settings, readFile, logger }: ServiceOptions, { keyInfo }: Metrics): OpenMerchants => {
  let problem: string | null = null;
  const onLoaded = (keys: readonly KeyInfo[]): void => {
    problem = null;
    keyInfo.reset();
    for (const key of keys) keyInfo.set(key, 1);
    logger.info({ keys }, 'merchants are loaded');
  };
  const onRefused = (problems: readonly ConfigProblem[]): void => {
    problem = 'MERCHANTS_FILE is refused and the previous merchants stay in force: the log says what to fix.';
    logger.error({ problems }, 'MERCHANTS_FILE is refused; the previous merchants stay in force');
  };
  const opened = MerchantDirectory.open({ settings, readFile, watchFile, onLoaded, onRefused });
  if (!opened.ok) throw new ConfigurationError(opened.error);
  return { merchants: opened.value, problem: () => problem };
};

type ReceiveParts = {
  readonly registry: Registry;
  readonly merchants: MerchantDirectory;
  readonly store: Store;
  readonly spool: SpoolService;
  readonly tracing: OpenTracing;
};

/** What the use case needs, each step of it traced where traces are sent. */
const receivePortsOf = ({ registry, merchants, store, spool, tracing }: ReceiveParts): ReceivePorts => {
  const { ledger, commit, approver, queue, deadline, gate } = store;
  const steps = traced(tracing, { ledger, commit, spool: spool.spool, approver });
  return { registry, merchants, queue, deadline, gate, ...steps };
};

/** The part of SHUTDOWN_TIMEOUT_MS that operators' connections may take to end, after those of the public listener. */
const OPERATORS_PART = 1 / 8;

/** Version of the interfaces that the documents describe. */
const INTERFACE_VERSION = '1.0.0';

/** The interfaces of the service as JSON and as pages. */
const interfacesOf = (definitions: readonly ProductDefinition[]) => {
  const products = definitions.map(({ product }) => product);
  const openApi = openApiDocument({ products, version: INTERFACE_VERSION });
  const asyncApi = asyncApiDocument({ definitions, version: INTERFACE_VERSION });
  return {
    documents: { '/openapi.json': openApi, '/asyncapi.json': asyncApi },
    reference: referenceRoutes({ openApi, asyncApi }),
    schemas: new Map(definitions.map((definition) => [definition.product, productJsonSchema(definition)])),
  };
};

/**
 * Builds the service and starts listening. Everything that it opens goes on one stack and is released in reverse
 * order, also when a later step fails: readiness first, then the listeners with what is in flight, then Redis.
 *
 * @throws ConfigurationError when MERCHANTS_FILE cannot be used, or a package is missing
 */
export const startService = async (options: ServiceOptions): Promise<Service> => {
  const { logger, now, definitions = products } = options;
  const { service: settings } = options.settings;
  await using stack = new AsyncDisposableStack();
  const registry = createRegistry(definitions);
  const metrics = createMetrics();
  metrics.buildInfo.set(options.build, 1);
  const { merchants, problem } = openMerchants(options, metrics);
  stack.use(merchants);
  const tracing = await openTracing(stack, { settings, logger, merchants, registry });
  const store = openStore(stack, { settings, logger, metrics, tracing, families: [...registry.byProduct.keys()] });
  const ports = { registry, ledger: store.ledger, queue: store.queue, commit: store.commit };
  const spool = openSpoolService(stack, { settings, logger, metrics, merchants, store, ports, tracing, now });
  const queues = openQueueDepths(stack, { settings, logger, metrics, registry, store, now });
  const journal = openJournal(stack, { settings, logger, metrics, now });
  openReconciliation(stack, { ...options, metrics, registry, merchants, store, journal });
  openConfirmation(stack, { ...options, metrics, registry, merchants, store, tracing });
  const onBug = (err: unknown): void => logger.error({ err }, 'unexpected error');
  let isStopping = false;
  const health = async (): Promise<Health> => {
    await store.gate.refresh();
    return healthOf(readinessOf({ redis: store.gate, spool, config: problem() }), isStopping);
  };
  const opsConsole = openConsole(stack, { settings, logger, metrics, now, health, merchants, ports, queues, spool });

  const publicApp = openPublicListener(stack, {
    settings,
    logger,
    metrics,
    ports: receivePortsOf({ registry, merchants, store, spool, tracing }),
    journal,
    count: opsConsole.note,
    tracing,
    onBug,
    now,
  });
  const opsApp = buildOpsListener({
    health,
    metrics: async () => {
      spool.measure();
      await queues.measure();
      return { contentType: metrics.registry.contentType, body: await metrics.registry.metrics() };
    },
    ...interfacesOf(definitions),
    console: opsConsole.routes,
    cutAfterMs: settings.SHUTDOWN_TIMEOUT_MS * OPERATORS_PART,
    onBug,
  });
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
