import type { DeliverPorts } from '../receive/deliver.ts';
import type { JournalEntry } from '../receive/journal.ts';
import type { Merchants } from '../receive/ports.ts';
import type { RedisClient } from '../redis/connection/connection.ts';
import type { JournalCipher } from '../redis/journal/journal-cipher.ts';
import { RedisJournalReader } from '../redis/journal/journal-reader.ts';
import { explainVerification } from '../verify/explain.ts';
import { AuditLog } from './audit-log.ts';
import { genuineFromJournal, rebuildEvent } from './genuine-from-journal.ts';
import { type OpenQueue, summaryOf } from './jobs.ts';
import type { ActionResult, Actor, AuditEntry, Inspection, Operations } from './operations.ts';
import { failedJobs, redriveFailedJobs, redriveUnrecognizedCallbacks, unrecognizedCallbacks } from './redrive-jobs.ts';
import { jobOfEntry, replay } from './replay.ts';

export type OperationsOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly cipher: JournalCipher | null;
  readonly ports: DeliverPorts;
  readonly merchants: Merchants;
  readonly openQueue: OpenQueue;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every action, for the log. */
  readonly onAction: (entry: AuditEntry) => void;
};

/** Puts the operators' actions together. */
export const createOperations = (options: OperationsOptions): Operations => {
  const { ports, merchants, openQueue, now, onAction } = options;
  const jobs = { ports, merchants, openQueue };
  const journal = new RedisJournalReader(options);
  const log = new AuditLog(options);

  const noteAction = async (entry: AuditEntry): Promise<void> => {
    onAction(entry);
    await log.note(entry);
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

  const inspect = async (entry: JournalEntry): Promise<Inspection> => {
    const keys = merchants.find(entry.merchant)?.keys;
    const canExplain = entry.body !== null && !entry.isCut && keys !== undefined;
    const explanation = canExplain ? explainVerification(entry.body, keys) : null;
    const job = await jobOfEntry(openQueue, entry);
    const genuine = genuineFromJournal(merchants, entry);
    const rebuilt = genuine.ok ? rebuildEvent(ports.registry, genuine.value, entry) : null;
    return { entry, explanation, event: job?.data ?? rebuilt, job: job === null ? null : await summaryOf(job) };
  };

  const replayOne = async (id: string): Promise<ActionResult> => {
    const entry = await journal.find(id);
    if (entry === null) return { id, isDone: false, message: 'is not in the journal' };
    const replayed = await replay(jobs, entry);
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
      for await (const job of failedJobs(jobs)) yield summaryOf(job);
    },
    redriveFailed: (id, actor) => audited('redrive-failed', actor, redriveFailedJobs(jobs, id)),
    unrecognized: () => unrecognizedCallbacks(jobs),
    redriveUnrecognized: (id, actor) => audited('redrive-unrecognized', actor, redriveUnrecognizedCallbacks(jobs, id)),
    audit: (limit) => log.latest(limit),
    noteAction,
  };
};
