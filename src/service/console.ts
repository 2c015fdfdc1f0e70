import { once } from 'node:events';
import type { FastifyPluginAsync } from 'fastify';
import type { ServiceSettings } from '../config/environment.ts';
import type { MerchantDirectory } from '../config/merchant-directory.ts';
import { accessOf } from '../console/access/access.ts';
import { consoleRoutes } from '../console/routes/console-routes.ts';
import type { FindingEvent } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import type { Health } from '../http/ops-listener.ts';
import type { Logger } from '../observe/logger.ts';
import { createOperations } from '../operate/create-operations.ts';
import { type OpenQueue, openQueues } from '../operate/jobs.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { OutcomeCounts } from '../receive/outcome-counts.ts';
import type { Report } from '../reconcile/report.ts';
import { connectProducer, type RedisClient } from '../redis/connection/connection.ts';
import { createDeadline } from '../redis/deadline.ts';
import { cipherOf } from '../redis/journal/journal-cipher.ts';
import { RedisOutcomeCounts } from '../redis/journal/outcome-counts.ts';
import { RedisRunStore } from '../redis/reconcile/run-store.ts';
import type { QueueMeasure } from './queue-depths.ts';
import type { SpoolService } from './spool-service.ts';

export type ConsoleSetup = {
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly health: () => Promise<Health>;
  readonly merchants: MerchantDirectory;
  readonly ports: DeliverPorts;
  readonly queues: QueueMeasure;
  readonly spool: SpoolService;
};

/** The console as the listener and the callback observer see it. */
export type OpenedConsole = { readonly routes: FastifyPluginAsync; readonly outcomes: OutcomeCounts };

/** How long a page waits for Redis, in milliseconds: a search reads all of the journal. A dead connection fails sooner. */
const MAX_WAIT_MS = 5000;
/** How long a page waits for a connection that is being made (after a start or an outage), in milliseconds. */
const CONNECT_MS = 1000;
/** Runs of each merchant that are shown. */
const RUNS = 10;
const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;

/** Findings are jobs like others, processed or not. */
const latestFindings = async (openQueue: OpenQueue, limit: number): Promise<readonly FindingEvent[]> => {
  const jobs = await openQueue(queues.findings).getJobs([...JOB_STATES], 0, limit - 1, false);
  const newestFirst = jobs.toSorted((a, b) => b.timestamp - a.timestamp);
  return newestFirst.slice(0, limit).map(({ data }) => data as FindingEvent);
};

const latestReports = async (runs: RedisRunStore, merchants: readonly string[]): Promise<readonly Report[]> => {
  const reports = await Promise.all(merchants.map((name) => runs.reports(name, RUNS)));
  return reports.flat().toSorted((a, b) => b.finishedAt.localeCompare(a.finishedAt));
};

const untilConnected = async (redis: RedisClient): Promise<void> => {
  if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) });
};

/**
 * Opens the console. It has its own connection, so that no callback waits behind the reads of a page, and its own stack,
 * because queues are opened at first use.
 */
export const openConsole = (stack: AsyncDisposableStack, setup: ConsoleSetup): OpenedConsole => {
  const { settings, logger, now, health, merchants, ports, queues, spool } = setup;
  const { REDIS_URL, QUEUE_PREFIX: prefix, JOURNAL_KEY, OPS_HOST, OPS_TOKEN } = settings;
  const own = stack.use(new AsyncDisposableStack());
  const onError = (err: unknown): void => logger.debug({ err }, 'console');
  const redis = connectProducer(REDIS_URL, 'paycools-console');
  redis.on('error', onError);
  own.defer(() => redis.disconnect());
  const outcomes = own.use(new RedisOutcomeCounts({ redis, prefix, onError }));
  const openQueue = openQueues(own, { redis, prefix, onError });
  const runs = new RedisRunStore({ redis, prefix });
  const cipher = cipherOf(JOURNAL_KEY);
  const onAction = (action: object): void => logger.info(action, 'operator');
  const operations = createOperations({ redis, prefix, cipher, ports, merchants, openQueue, now, onAction });
  const options = {
    access: accessOf(OPS_HOST, OPS_TOKEN),
    operations,
    outcomes,
    health,
    depths: queues.read,
    spool: spool.state,
    reports: () => latestReports(runs, merchants.names),
    findings: (limit: number) => latestFindings(openQueue, limit),
    queues: () => queues.names.map(openQueue),
    merchants: () => merchants.names,
    connected: () => untilConnected(redis),
    deadline: createDeadline(MAX_WAIT_MS),
    now,
    onError,
    onBug: (err: unknown): void => logger.error({ err }, 'unexpected error'),
  };
  return { routes: (app) => consoleRoutes(app, options), outcomes };
};
