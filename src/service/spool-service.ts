import type { SpoolState } from '../console/ports.ts';
import type { DeliverPorts } from '../receive/deliver.ts';
import type { Merchants, SetAside, SetAsideCallback, Spool, SpooledCallback } from '../receive/ports.ts';
import { reportSetAside, setAsideFinding } from '../receive/report-set-aside.ts';
import { restore } from '../receive/restore.ts';
import { isTransient } from '../redis/is-transient.ts';
import { BullOpenFindings } from '../redis/reconcile/open-findings.ts';
import { Drainer } from '../spool/drainer.ts';
import { openSpool } from '../spool/open-spool.ts';
import type { SpoolEntry } from '../spool/spool-table.ts';
import type { SqliteSpool } from '../spool/sqlite-spool.ts';
import type { ServiceContext } from './context.ts';
import type { Store } from './store.ts';
import type { OpenTracing } from './tracing.ts';

/** The spool as the rest of the service sees it. */
export type SpoolService = {
  readonly spool: Spool;
  /** Why it cannot take callbacks; null if it can, or if there is no spool on purpose. */
  readonly problem: () => string | null;
  /** Whether it can take a callback now. */
  readonly hasRoom: () => boolean;
  /** Updates the metrics. */
  readonly measure: () => void;
  /** Its contents; null if there is no spool. */
  readonly state: () => SpoolState | null;
  /** Callbacks that could not be moved to Redis; null if there is no spool. */
  readonly setAside: SetAside | null;
  /** Resolves the finding about a callback that is no longer set aside. */
  readonly closeFinding: (callback: SetAsideCallback, message: string) => Promise<void>;
};

export type SpoolServiceOptions = ServiceContext & {
  readonly merchants: Merchants;
  readonly store: Store;
  readonly ports: DeliverPorts;
  readonly tracing: OpenTracing;
};

const NO_SPOOL: Spool = { append: () => Promise.reject(new Error('there is no spool')) };

const disabledSpool = (problem: string | null): SpoolService => ({
  spool: NO_SPOOL,
  problem: () => problem,
  hasRoom: () => false,
  measure: () => undefined,
  state: () => null,
  setAside: null,
  closeFinding: () => Promise.resolve(),
});

const open = (stack: AsyncDisposableStack, spool: SqliteSpool, options: SpoolServiceOptions): SpoolService => {
  const { logger, metrics, tracing, now } = options;
  const { gate, deadline } = options.store;
  const ports = { ...options.ports, merchants: options.merchants, deadline };
  stack.use(spool);
  const { redis } = options.store;
  const { QUEUE_PREFIX: prefix } = options.settings;
  const onError = (err: unknown): void => logger.debug({ err }, 'findings of the spool');
  const findings = stack.use(new BullOpenFindings({ actor: 'spool', redis, prefix, now, onError }));
  const closeFinding = (callback: SpooledCallback & { readonly seq: number }, message: string): Promise<void> =>
    deadline.within(findings.resolve(setAsideFinding(ports, callback), message));
  const store = async (entry: SpoolEntry): Promise<void> => {
    await restore(ports, entry);
    if (entry.isReported) await closeFinding(entry, 'stored after it had been set aside');
  };
  if (spool.count > 0) logger.warn({ events: spool.count }, 'callbacks wait in the spool');
  stack.use(
    new Drainer({
      spool,
      isOpen: () => gate.isOpen,
      check: () => gate.refresh(),
      store: (entry) =>
        tracing === null ? store(entry) : tracing.runLinked('restore from spool', entry.trace, () => store(entry)),
      report: (callback) => reportSetAside(ports, callback),
      isTransient,
      now,
      onError: (err) =>
        logger.warn({ err }, 'callbacks could not be moved from the spool to redis; they stay in the spool'),
      onSetAside: ({ seq, merchant, receivedAt }, err) =>
        logger.error({ seq, merchant, receivedAt, err }, 'a callback was set aside in the spool: redis refuses it'),
    }),
  );
  return {
    spool,
    problem: () => spool.problem(),
    hasRoom: () => spool.problem() === null,
    measure: () => {
      metrics.spoolEvents.set(spool.count);
      metrics.spoolSetAside.set(spool.aside.count);
      metrics.spoolBytes.set(spool.usage.bytes);
      metrics.spoolMaxBytes.set(spool.usage.maxBytes);
      const oldest = spool.oldestReceivedAt();
      metrics.spoolOldest.set(oldest === null ? 0 : Math.max(0, (now() - oldest) / 1000));
    },
    state: () => ({ events: spool.count, oldestReceivedAt: spool.oldestReceivedAt(), setAside: spool.aside.count }),
    setAside: spool.aside,
    closeFinding,
  };
};

/** Opens the spool and starts to move its callbacks to Redis. A spool that cannot be opened makes the service not ready. */
export const openSpoolService = (stack: AsyncDisposableStack, options: SpoolServiceOptions): SpoolService => {
  const { SPOOL_DIR: dir, SPOOL_MAX_BYTES: maxBytes } = options.settings;
  if (dir === 'off') return disabledSpool(null);
  const spool = openSpool(dir, maxBytes);
  if (spool.ok) return open(stack, spool.value, options);
  options.logger.error({ problem: spool.error }, 'the spool cannot be opened');
  return disabledSpool(spool.error);
};
