import { type FindingKind, isFinal } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import type { Registry } from '../products/registry.ts';
import { type KnownHistory, latestFinal, sightingOf } from '../receive/history.ts';
import { isSilent } from './family.ts';
import { mismatchOf, receivedOf } from './mismatch.ts';
import type { Row } from './row.ts';

export const comparisons = [
  'matched',
  'missing',
  'status-mismatch',
  'amount-mismatch',
  'order-mismatch',
  'unknown-to-paycools',
  'stuck-pending',
] as const satisfies readonly ('matched' | FindingKind)[];

/**
 * What the two sides say about one subject, PayCools and the ledger:
 *
 * - `matched`: the same, or nothing is due yet.
 * - `missing`: PayCools says that it has ended, and no event has reported it.
 * - `status-mismatch`: both say how it ended, or that it has ended, and do not agree.
 * - `amount-mismatch`: the same status with another amount or currency.
 * - `order-mismatch`: the same status and amount with another order.
 * - `unknown-to-paycools`: the ledger has it and PayCools does not.
 * - `stuck-pending`: pending at PayCools for longer than it should be.
 */
type Comparison = (typeof comparisons)[number];

/** A subject and what the ledger has of it. */
export type Known = { readonly subject: Subject; readonly entry: KnownHistory };

export type Compared = {
  readonly comparison: Comparison;
  readonly subject: Subject;
  /** Null where PayCools does not know it. */
  readonly row: Row | null;
  /** Null where the ledger does not know it. */
  readonly entry: KnownHistory | null;
};

export type ComparisonInput = {
  readonly registry: Registry;
  /** In any order; one subject may come several times, as it does in views of several days. */
  readonly rows: readonly Row[];
  readonly known: readonly Known[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a transaction may be pending, in milliseconds. */
  readonly stuckAfterMs: number;
};

/** Rows about one subject can be of different ages: the most advanced status wins, whatever the order. */
const rank = ({ status, completedAt, fields }: Row): string => {
  const step = status === null ? 0 : isFinal(status) ? 2 : 1;
  return `${step} ${completedAt ?? ''} ${JSON.stringify(fields)}`;
};

const latestRows = (rows: readonly Row[]): Map<string, Row> => {
  const latest = new Map<string, Row>();
  for (const row of rows) {
    const key = subjectKey(row.subject);
    const other = latest.get(key);
    if (other === undefined || rank(other) < rank(row)) latest.set(key, row);
  }
  return latest;
};

const isStuck = (row: Row, entry: KnownHistory | null, { registry, now, stuckAfterMs }: ComparisonInput): boolean => {
  const since = row.createdAt === null ? now : Date.parse(row.createdAt);
  return now - since > stuckAfterMs && !isSilent(registry, row, entry);
};

const classify = (row: Row, entry: KnownHistory | null, input: ComparisonInput): Comparison => {
  if (row.status === null) return entry === null ? 'missing' : 'status-mismatch';
  const ended = latestFinal(entry);
  if (!isFinal(row.status)) {
    if (ended !== null) return 'status-mismatch';
    return isStuck(row, entry, input) ? 'stuck-pending' : 'matched';
  }
  if (ended !== null && ended.statement.status !== row.status) return 'status-mismatch';
  const recorded = sightingOf(entry, row.status);
  if (recorded?.isDelivered !== true) return 'missing'; // seen is not stored: the queue decides whether it is new
  const theirs = receivedOf(row);
  return (theirs === null ? null : mismatchOf(recorded.statement, theirs)) ?? 'matched';
};

/**
 * Compares what PayCools says with what the ledger has. Every subject of either side is in exactly one class; neither
 * order nor repetition matters.
 *
 * @returns a comparison for each subject, sorted by it
 * @see PAYCOOLS.md 10
 */
export const compare = (input: ComparisonInput): readonly Compared[] => {
  const rows = latestRows(input.rows);
  const entries = new Map(input.known.map((known) => [subjectKey(known.subject), known]));
  const compared: Compared[] = [];
  for (const [key, row] of rows) {
    const entry = entries.get(key)?.entry ?? null;
    compared.push({ comparison: classify(row, entry, input), subject: row.subject, row, entry });
  }
  for (const [key, { subject, entry }] of entries) {
    if (!rows.has(key)) compared.push({ comparison: 'unknown-to-paycools', subject, row: null, entry });
  }
  return compared.sort((left, right) => (subjectKey(left.subject) < subjectKey(right.subject) ? -1 : 1));
};
