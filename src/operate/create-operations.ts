import type { DeliverPorts } from '../receive/deliver.ts';
import { emittedEvent, type JournalEntry, type JournalReader } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import { explainVerification } from '../verify/explain.ts';
import { genuineFromJournal, rebuildEvent } from './genuine-from-journal.ts';
import type { ActionResult, Inspection, JobSummary, Operations } from './operations.ts';
import type { Actor, AuditEntry, AuditLog, JobBrowser, StoredJob } from './ports.ts';
import { failedJobs, redriveFailedJobs, redriveUnrecognizedCallbacks, unrecognizedCallbacks } from './redrive-jobs.ts';
import { jobOfEntry, replay } from './replay.ts';

export type OperationsOptions = {
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly journal: JournalReader;
  readonly jobs: JobBrowser;
  readonly auditLog: AuditLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with every action, for the log. */
  readonly onAction: (entry: AuditEntry) => void;
};

/** Builds the operators' actions from the ports. */
export const createOperations = (options: OperationsOptions): Operations => {
  const { ports, merchants, journal, jobs, auditLog, now, onAction } = options;
  const jobPorts = { ports, merchants, jobs };

  const noteAction = async (entry: AuditEntry): Promise<void> => {
    onAction(entry);
    await auditLog.note(entry);
  };

  async function* audited(
    action: AuditEntry['action'],
    actor: Actor,
    results: AsyncIterable<ActionResult>,
  ): AsyncGenerator<ActionResult> {
    for await (const result of results) {
      await noteAction({ at: now(), actor, action, ...result });
      yield result;
    }
  }

  const summaryOf = async (job: StoredJob): Promise<JobSummary> => ({
    queue: job.queue,
    eventId: job.event.id,
    type: job.event.type,
    subject: job.event.subject,
    state: await jobs.stateOf(job),
    attempts: job.attempts,
    failedReason: job.failedReason,
  });

  const inspect = async (entry: JournalEntry): Promise<Inspection> => {
    const keys = merchants.find(entry.merchant)?.keys;
    const canExplain = entry.origin === 'callback' && entry.body !== null && !entry.isCut && keys !== undefined;
    const explanation = canExplain ? explainVerification(entry.body, keys) : null;
    const job = await jobOfEntry(jobs, entry);
    const genuine = genuineFromJournal(merchants, entry);
    const rebuilt = genuine.ok ? rebuildEvent(ports.registry, genuine.value, entry) : emittedEvent(entry);
    return { entry, explanation, event: job?.event ?? rebuilt, job: job === null ? null : await summaryOf(job) };
  };

  const replayOne = async (id: string): Promise<ActionResult> => {
    const entry = await journal.find(id);
    if (entry === null) return { id, isDone: false, message: 'is not in the journal' };
    const replayed = await replay(jobPorts, entry);
    return { id, isDone: replayed.ok, message: replayed.ok ? replayed.value : replayed.error };
  };

  return {
    journal,
    inspect,
    replay: async (id, actor) => {
      const result = await replayOne(id);
      await noteAction({ at: now(), actor, action: 'replay', ...result });
      return result;
    },
    failed: async function* () {
      for await (const job of failedJobs(jobPorts)) yield summaryOf(job);
    },
    redriveFailed: (id, actor) => audited('redrive-failed', actor, redriveFailedJobs(jobPorts, id)),
    unrecognized: () => unrecognizedCallbacks(jobPorts),
    redriveUnrecognized: (id, actor) =>
      audited('redrive-unrecognized', actor, redriveUnrecognizedCallbacks(jobPorts, id)),
    audit: (limit) => auditLog.latest(limit),
    noteAction,
  };
};
