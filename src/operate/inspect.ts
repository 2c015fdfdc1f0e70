import { emittedEvent, type JournalEntry } from '../receive/journal.ts';
import { explainVerification } from '../verify/explain.ts';
import { genuineFromJournal, rebuildEvent } from './genuine-from-journal.ts';
import type { Inspection, JobSummary } from './operations.ts';
import type { JobPorts, StoredJob } from './ports.ts';
import { jobOfEntry } from './replay.ts';

const summaryOf = async ({ jobs }: JobPorts, job: StoredJob): Promise<JobSummary> => ({
  queue: job.queue,
  eventId: job.event.id,
  type: job.event.type,
  subject: job.event.subject,
  state: await jobs.stateOf(job),
  attempts: job.attempts,
  failedReason: job.failedReason,
  endedAt: job.endedAt,
});

/** One journal entry in full: its verification with the current keys, its event, and that event's job. */
export const inspect = async (jobPorts: JobPorts, entry: JournalEntry): Promise<Inspection> => {
  const { ports, merchants, jobs } = jobPorts;
  const keys = merchants.find(entry.merchant)?.keys;
  const canExplain = entry.origin === 'callback' && entry.body !== null && !entry.isCut && keys !== undefined;
  const explanation = canExplain ? explainVerification(entry.body, keys) : null;
  const job = await jobOfEntry(jobs, entry);
  const genuine = genuineFromJournal(merchants, entry);
  const rebuilt = genuine.ok ? rebuildEvent(ports.registry, genuine.value, entry) : emittedEvent(entry);
  return {
    entry,
    explanation,
    event: job?.event ?? rebuilt,
    job: job === null ? null : await summaryOf(jobPorts, job),
  };
};
