import type { DeliverPorts } from '../receive/deliver.ts';
import { findPayments } from './find-payments.ts';
import { inspect } from './inspect.ts';
import { type Acted, discardItems, redriveItems } from './item-actions.ts';
import { openItems } from './open-items.ts';
import type { Acting, ActionResult, Operations } from './operations.ts';
import { type HistoryPorts, readPayment } from './payment-facts.ts';
import { timelineOf } from './payment-history.ts';
import { summarize } from './payment-summary.ts';
import type { AskPaycools, AuditEntry } from './ports.ts';
import { replay } from './replay.ts';
import { searchableJournal } from './search-journal.ts';

export type OperationsOptions = HistoryPorts & {
  readonly ports: DeliverPorts;
  readonly askPaycools: AskPaycools;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with every action, for the log. */
  readonly onAction: (entry: AuditEntry) => void;
};

/** Builds the operators' actions from the ports. */
export const createOperations = (options: OperationsOptions): Operations => {
  const { ports, merchants, index, jobs, auditLog, askPaycools, now, onAction } = options;
  const jobPorts = { ports, merchants, jobs };
  const journal = searchableJournal(options.journal, index);
  const history = { ...options, journal };

  const noteAction = async (entry: AuditEntry): Promise<void> => {
    onAction(entry);
    await auditLog.note(entry);
  };

  async function* audited(
    action: AuditEntry['action'],
    acting: Acting,
    results: AsyncIterable<Acted>,
  ): AsyncGenerator<ActionResult> {
    for await (const { id, isDone, message, about } of results) {
      await noteAction({ at: now(), action, ...acting, id, isDone, message, about });
      yield { id, isDone, message };
    }
  }

  const replayOne = async (id: string): Promise<Acted> => {
    const entry = await journal.find(id);
    if (entry === null) return { id, about: id, isDone: false, message: 'is not in the journal' };
    const about = entry.event?.transactionId ?? id;
    const replayed = await replay(jobPorts, entry);
    return { id, about, isDone: replayed.ok, message: replayed.ok ? replayed.value : replayed.error };
  };

  return {
    journal,
    inspect: (entry) => inspect(jobPorts, entry),
    findPayments: (text, limit) => findPayments(history, text, limit),
    payment: async (key) => {
      const facts = await readPayment(history, key);
      return { ...facts, summary: summarize(facts, now()), timeline: timelineOf(facts) };
    },
    ask: ({ key, product, merchantOrderId, milestones, entries }) =>
      askPaycools({ key, product, merchantOrderId, at: milestones[0]?.at ?? entries[0]?.receivedAt ?? now() }),
    replay: async (id, acting) => {
      const result = await replayOne(id);
      await noteAction({ at: now(), action: 'replay', ...acting, ...result });
      return { id, isDone: result.isDone, message: result.message };
    },
    items: async function* (kind, selection) {
      for await (const { item } of openItems(jobPorts, kind, selection)) yield item;
    },
    redrive: (kind, selection, acting) => audited(`redrive-${kind}`, acting, redriveItems(jobPorts, kind, selection)),
    discard: (kind, selection, acting) =>
      audited(
        kind === 'finding' ? 'resolve-finding' : `discard-${kind}`,
        acting,
        discardItems(jobPorts, kind, selection),
      ),
    audit: (limit) => auditLog.latest(limit),
    noteAction,
  };
};
