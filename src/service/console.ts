import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { accessOf } from '../console/access/access.ts';
import { consoleRoutes } from '../console/routes/console-routes.ts';
import { DEFAULT_TIME_ZONE } from '../core/time.ts';
import type { Health } from '../http/ops-listener.ts';
import type { Operations } from '../operate/operations.ts';
import { createSetAsideOperations } from '../operate/set-aside.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import { type CallbackRecord, eventIn, outcomeLabel } from '../receive/outcome.ts';
import type { Report } from '../reconcile/report.ts';
import { connectProducer } from '../redis/connection/connection.ts';
import { untilReady } from '../redis/connection/until-ready.ts';
import { createDeadline } from '../redis/deadline.ts';
import { RedisOutcomeCounts } from '../redis/journal/outcome-counts.ts';
import { type Counted, RedisProductTotals } from '../redis/journal/product-totals.ts';
import type { BullJobBrowser } from '../redis/queue/job-browser.ts';
import { RedisRunStore } from '../redis/reconcile/run-store.ts';
import type { ServiceContext } from './context.ts';
import { openOperationsOn } from './operations.ts';
import type { QueueMeasure } from './queue-depths.ts';
import { observeClient } from './reconciliation.ts';
import type { SpoolService } from './spool-service.ts';

export type ConsoleSetup = ServiceContext & {
  readonly health: () => Promise<Health>;
  readonly merchants: MerchantDirectory;
  readonly ports: DeliverPorts;
  readonly queues: QueueMeasure;
  readonly spool: SpoolService;
};

/** The console as the listener and the callback observer see it. */
export type OpenedConsole = {
  readonly routes: FastifyPluginAsync;
  /** Counts a callback, for the charts. */
  readonly count: (record: CallbackRecord) => void;
};

/** How long a page waits for Redis, in milliseconds. A search reads the whole journal; a dead connection fails sooner. */
const READ_TIMEOUT_MS = 5000;
/** How long a page waits for a connection after a start or an outage, in milliseconds. */
const CONNECT_MS = 1000;
/** Number of runs shown per merchant. */
const RUNS_PER_MERCHANT = 10;

/** What a callback adds to the totals; null unless it is new and has a status. */
const countedOf = ({ outcome }: CallbackRecord): Counted | null => {
  const event = outcome?.kind === 'accepted' || outcome?.kind === 'spooled' ? eventIn(outcome) : null;
  if (event === null || !('status' in event.data)) return null;
  const { product, status, amount } = event.data;
  return { product, status, amount };
};

/** Counts a callback, for the charts and the totals. */
const countInto =
  (outcomes: RedisOutcomeCounts, totals: RedisProductTotals) =>
  (record: CallbackRecord): void => {
    outcomes.count(outcomeLabel(record.outcome), record.receivedAt);
    const counted = countedOf(record);
    if (counted !== null) totals.add(counted, record.receivedAt);
  };

/** The time zone of a merchant, or of the first one if none has that name. */
const zoneIn = (merchants: MerchantDirectory, name: string): string =>
  (merchants.find(name) ?? merchants.find(merchants.names[0] ?? ''))?.timeZone ?? DEFAULT_TIME_ZONE;

const setAsideOf = ({ setAside, ...spool }: SpoolService, { recordAction }: Operations, now: () => number) =>
  setAside === null ? null : createSetAsideOperations({ ...spool, setAside, recordAction, now });

const latestReports = async (runs: RedisRunStore, merchants: readonly string[]): Promise<readonly Report[]> => {
  const reports = await Promise.all(merchants.map((name) => runs.reports(name, RUNS_PER_MERCHANT)));
  return reports.flat().toSorted((a, b) => b.finishedAt.localeCompare(a.finishedAt));
};

const reportOf = async (runs: RedisRunStore, merchants: readonly string[], id: string): Promise<Report | null> => {
  const reports = await Promise.all(merchants.map((name) => runs.reports(name)));
  return reports.flat().find((report) => report.id === id) ?? null;
};

/** Loads Bull Board at the first visit, because most processes never need its 9 MB. */
const buildBoard = async (names: readonly string[], jobs: BullJobBrowser, path: string): Promise<FastifyInstance> => {
  const { buildQueueBoard } = await import('./queue-board.ts');
  return buildQueueBoard(
    names.map((name) => jobs.queue(name)),
    path,
  );
};

/**
 * Opens the console. It has its own connection, so that no callback waits behind the reads of a page, and its own stack,
 * because queues are opened at first use.
 */
export const openConsole = (stack: AsyncDisposableStack, setup: ConsoleSetup): OpenedConsole => {
  const { settings, logger, metrics, now, onBug, health, merchants, ports, queues: measure, spool } = setup;
  const { REDIS_URL, QUEUE_PREFIX: prefix, OPS_HOST, OPS_TOKEN, OPS_OPERATORS } = settings;
  const own = stack.use(new AsyncDisposableStack());
  const onError = (err: unknown): void => logger.debug({ err }, 'console');
  const redis = connectProducer(REDIS_URL, 'paycools-console');
  redis.on('error', onError);
  own.defer(() => redis.disconnect());
  const outcomes = own.use(new RedisOutcomeCounts({ redis, prefix, onError }));
  const totals = own.use(new RedisProductTotals({ redis, prefix, onError }));
  const runs = new RedisRunStore({ redis, prefix });
  const { operations, jobs } = openOperationsOn(own, {
    redis,
    settings,
    merchants,
    ports,
    now,
    onAction: (action) => logger.info(action, 'operator'),
    onError,
    observe: observeClient(metrics),
  });
  const options = {
    access: accessOf(OPS_HOST, OPS_TOKEN, OPS_OPERATORS),
    operations,
    outcomes,
    health,
    depths: measure.read,
    spool: spool.state,
    setAside: setAsideOf(spool, operations, now),
    reports: () => latestReports(runs, merchants.names),
    report: (id: string) => reportOf(runs, merchants.names, id),
    totals: (at: number) => totals.read(at),
    products: [...ports.registry.byProduct.keys()],
    zoneOf: (name: string) => zoneIn(merchants, name),
    days: settings.DEDUPLICATION_DAYS,
    buildBoard: (path: string) => buildBoard(measure.names, jobs, path),
    merchants: () => merchants.names,
    connected: () => untilReady(redis, CONNECT_MS),
    deadline: createDeadline(READ_TIMEOUT_MS),
    now,
    onError,
    onBug,
  };
  return { routes: (app) => consoleRoutes(app, options), count: countInto(outcomes, totals) };
};
