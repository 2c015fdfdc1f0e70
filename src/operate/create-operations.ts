import type { DeliverPorts } from '../receive/deliver.ts';
import { findPayments } from './find-payments.ts';
import { inspect } from './inspect.ts';
import { discardItems, type ItemResult, redriveItems } from './item-actions.ts';
import { type ItemKind, openItems } from './open-items.ts';
import type { ActionResult, Attribution, Operations } from './operations.ts';
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
  /** Called with every action, to log it. */
  readonly onAction: (entry: AuditEntry) => void;
};

type Action = AuditEntry['action'];

const discardAction = (kind: ItemKind): Action => (kind === 'finding' ? 'resolve-finding' : `discard-${kind}`);

/** Logs every action and records it in the audit. */
const createAuditor = ({ auditLog, now, onAction }: OperationsOptions) => {
  const recordAction = async (entry: AuditEntry): Promise<void> => {
    onAction(entry);
    await auditLog.record(entry);
  };
  const audited = async (action: Action, by: Attribution, result: ItemResult): Promise<ActionResult> => {
    await recordAction({ at: now(), action, ...by, ...result });
    const { id, isDone, message } = result;
    return { id, isDone, message };
  };
  async function* auditedAll(action: Action, by: Attribution, results: AsyncIterable<ItemResult>) {
    for await (const result of results) yield await audited(action, by, result);
  }
  return { recordAction, audited, auditedAll };
};

/** Builds the operators' actions from the ports. */
export const createOperations = (options: OperationsOptions): Operations => {
  const { ports, merchants, index, jobs, auditLog, askPaycools, now } = options;
  const jobPorts = { ports, merchants, jobs };
  const journal = searchableJournal(options.journal, index);
  const history = { ...options, journal };
  const { recordAction, audited, auditedAll } = createAuditor(options);

  const replayOne = async (id: string): Promise<ItemResult> => {
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
    replay: async (id, by) => audited('replay', by, await replayOne(id)),
    items: async function* (kind, selection) {
      for await (const { item } of openItems(jobPorts, kind, selection)) yield item;
    },
    redrive: (kind, selection, by) => auditedAll(`redrive-${kind}`, by, redriveItems(jobPorts, kind, selection)),
    discard: (kind, selection, by) => auditedAll(discardAction(kind), by, discardItems(jobPorts, kind, selection)),
    audit: (limit) => auditLog.latest(limit),
    recordAction,
  };
};
