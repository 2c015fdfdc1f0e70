import type { DeliverPorts } from '../receive/deliver.ts';
import { findPayments } from './find-payments.ts';
import { inspect } from './inspect.ts';
import { type Acted, discardItems, redriveItems } from './item-actions.ts';
import { type ItemKind, openItems } from './open-items.ts';
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

type Action = AuditEntry['action'];

const discardOf = (kind: ItemKind): Action => (kind === 'finding' ? 'resolve-finding' : `discard-${kind}`);

/** Writes down what operators do. */
const auditWith = ({ auditLog, now, onAction }: OperationsOptions) => {
  const noteAction = async (entry: AuditEntry): Promise<void> => {
    onAction(entry);
    await auditLog.note(entry);
  };
  const audited = async (action: Action, acting: Acting, acted: Acted): Promise<ActionResult> => {
    await noteAction({ at: now(), action, ...acting, ...acted });
    const { id, isDone, message } = acted;
    return { id, isDone, message };
  };
  async function* auditedAll(action: Action, acting: Acting, results: AsyncIterable<Acted>) {
    for await (const acted of results) yield await audited(action, acting, acted);
  }
  return { noteAction, audited, auditedAll };
};

/** Builds the operators' actions from the ports. */
export const createOperations = (options: OperationsOptions): Operations => {
  const { ports, merchants, index, jobs, auditLog, askPaycools, now } = options;
  const jobPorts = { ports, merchants, jobs };
  const journal = searchableJournal(options.journal, index);
  const history = { ...options, journal };
  const { noteAction, audited, auditedAll } = auditWith(options);

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
    replay: async (id, acting) => audited('replay', acting, await replayOne(id)),
    items: async function* (kind, selection) {
      for await (const { item } of openItems(jobPorts, kind, selection)) yield item;
    },
    redrive: (kind, selection, acting) =>
      auditedAll(`redrive-${kind}`, acting, redriveItems(jobPorts, kind, selection)),
    discard: (kind, selection, acting) => auditedAll(discardOf(kind), acting, discardItems(jobPorts, kind, selection)),
    audit: (limit) => auditLog.latest(limit),
    noteAction,
  };
};
