import { merchantOf } from '../../core/cloud-event.ts';
import type { FindingEvent } from '../../core/event.ts';
import { queues } from '../../core/queues.ts';
import type { OpenFindings } from '../../reconcile/ports.ts';
import { RedisAuditLog } from '../audit-log.ts';
import type { QueueOptions } from '../queue/event-queue.ts';
import { BullJobBrowser } from '../queue/job-browser.ts';

export type BullOpenFindingsOptions = QueueOptions & {
  /** Who resolves findings, for the audit log. */
  readonly actor: 'reconciliation' | 'spool';
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

/** {@link OpenFindings} on the queue of findings. Open are those that no worker has taken. */
export class BullOpenFindings implements OpenFindings, AsyncDisposable {
  readonly #options: BullOpenFindingsOptions;
  readonly #jobs: BullJobBrowser;
  readonly #audit: RedisAuditLog;

  constructor(options: BullOpenFindingsOptions) {
    this.#options = options;
    this.#jobs = new BullJobBrowser(options);
    this.#audit = new RedisAuditLog(options);
  }

  async *list(merchant: string): AsyncGenerator<FindingEvent> {
    for await (const { event } of this.#jobs.list(queues.findings, 'waiting')) {
      if (merchantOf(event) === merchant) yield event as FindingEvent; // nothing else is on this queue
    }
  }

  /** Forgets the id with the job, so that the same disagreement is reported again if it recurs. */
  async resolve({ id }: FindingEvent, message: string): Promise<void> {
    const job = await this.#jobs.find(queues.findings, id);
    if (job !== null) await this.#jobs.remove(job);
    await this.#jobs.queue(queues.findings).removeDeduplicationKey(id);
    if (job === null) return; // a worker has taken it
    const { actor, now } = this.#options;
    await this.#audit.record({ at: now(), actor, action: 'resolve-finding', id, isDone: true, message });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#jobs[Symbol.asyncDispose]();
  }
}
