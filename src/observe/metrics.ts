import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { refusalReasons } from '../http/refusal.ts';

/** In seconds: from well below a round trip to Redis to the longest wait for one. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** In seconds: PayCools is far away, and a call may take 30 s by default. */
const CLIENT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Metrics of the queues. Read from Redis at each scrape, so every replica reports the same. */
const createQueueMetrics = (registers: Registry[]) => ({
  queueJobs: new Gauge({
    name: 'paycools_queue_jobs',
    help: 'Jobs of a queue by state: waiting, active, delayed, failed or completed. Absent while Redis is unavailable.',
    labelNames: ['queue', 'state'],
    registers,
  }),
  queueOldest: new Gauge({
    name: 'paycools_queue_oldest_waiting_seconds',
    help: 'Age of the job that a worker would take next; 0 when none is waiting. Absent while Redis is unavailable.',
    labelNames: ['queue'],
    registers,
  }),
});

/** Metrics of our calls to PayCools. */
const createReconciliationMetrics = (registers: Registry[]) => ({
  reconciliationRuns: new Counter({
    name: 'paycools_reconciliation_runs_total',
    help: 'Scheduled reconciliations of a merchant, by outcome: succeeded, incomplete (pages or queries could not be read) or failed.',
    labelNames: ['outcome'],
    registers,
  }),
  reconciliationLastSuccess: new Gauge({
    name: 'paycools_reconciliation_last_success_timestamp_seconds',
    help: 'When a reconciliation last succeeded and applied its result, in seconds since 1970, as known to this replica; 0 before the first.',
    registers,
  }),
  reconciliationEmitted: new Counter({
    name: 'paycools_reconciliation_emitted_total',
    help: 'Events that scheduled reconciliations emitted because their callbacks were missing.',
    registers,
  }),
  reconciliationFindings: new Counter({
    name: 'paycools_reconciliation_findings_total',
    help: 'Findings of scheduled reconciliations, by kind.',
    labelNames: ['kind'],
    registers,
  }),
  clientRequests: new Counter({
    name: 'paycools_client_requests_total',
    help: 'Calls to PayCools by outcome; a retried call counts once.',
    labelNames: ['endpoint', 'outcome'],
    registers,
  }),
  clientDuration: new Histogram({
    name: 'paycools_client_request_duration_seconds',
    help: 'Duration of a call to PayCools, including retries.',
    buckets: CLIENT_BUCKETS,
    registers,
  }),
});

/** Metrics of the spool; all 0 without one. */
const createSpoolMetrics = (registers: Registry[]) => ({
  spoolEvents: new Gauge({
    name: 'paycools_spool_events',
    help: 'Callbacks in the spool, waiting to be moved to Redis.',
    registers,
  }),
  spoolSetAside: new Gauge({
    name: 'paycools_spool_set_aside',
    help: 'Callbacks set aside in the spool, because Redis repeatedly refused to store them.',
    registers,
  }),
  spoolBytes: new Gauge({
    name: 'paycools_spool_bytes',
    help: 'Size of the callbacks in the spool, in bytes.',
    registers,
  }),
  spoolMaxBytes: new Gauge({
    name: 'paycools_spool_max_bytes',
    help: 'SPOOL_MAX_BYTES; once the spool is full, callbacks get a 503 while Redis is unavailable. 0 without a spool.',
    registers,
  }),
  spoolOldest: new Gauge({
    name: 'paycools_spool_oldest_seconds',
    help: 'Age of the oldest callback in the spool; 0 when it is empty.',
    registers,
  }),
});

/** Every metric of the service, in its own registry. Their names are public interface. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    buildInfo: new Gauge({
      name: 'paycools_build_info',
      help: '1, with the version of the service, the revision that it was built from, and the version of Node.js.',
      labelNames: ['version', 'revision', 'node'],
      registers,
    }),
    callbacks: new Counter({
      name: 'paycools_callbacks_total',
      help: 'Callbacks by outcome.',
      labelNames: ['merchant', 'product', 'outcome'],
      registers,
    }),
    callbackDuration: new Histogram({
      name: 'paycools_callback_duration_seconds',
      help: 'Time from the request line to the reply.',
      labelNames: ['product', 'outcome'],
      buckets: BUCKETS,
      registers,
    }),
    enqueueDuration: new Histogram({
      name: 'paycools_enqueue_duration_seconds',
      help: 'Time until Redis confirmed that an event is stored.',
      buckets: BUCKETS,
      registers,
    }),
    refusals: new Counter({
      name: 'paycools_http_refusals_total',
      help: `Requests to the public listener that never became a callback, by reason: ${refusalReasons.join(', ')}.`,
      labelNames: ['reason'],
      registers,
    }),
    misrouted: new Counter({
      name: 'paycools_callbacks_misrouted_total',
      help: 'Genuine callbacks that were posted to the address of another product.',
      registers,
    }),
    journalSkipped: new Counter({
      name: 'paycools_journal_skipped_total',
      help: 'Callbacks that the journal did not record, by reason: sampled (not genuine, and too many per second), overflow, redis (unavailable), or index (recorded, but missing from the 30-day index).',
      labelNames: ['reason'],
      registers,
    }),
    keyInfo: new Gauge({
      name: 'paycools_key_info',
      help: 'The keys in use, by fingerprint.',
      labelNames: ['merchant', 'scheme', 'fingerprint'],
      registers,
    }),
    durabilityOk: new Gauge({
      name: 'paycools_durability_ok',
      help: '1 while Redis is as durable as DURABILITY asks, else 0.',
      registers,
    }),
    redisUp: new Gauge({ name: 'paycools_redis_up', help: '1 while Redis answers, else 0.', registers }),
    ...createSpoolMetrics(registers),
    ...createQueueMetrics(registers),
    ...createReconciliationMetrics(registers),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
