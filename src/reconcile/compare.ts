import { type FindingKind, isFinal } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import type { Registry } from '../products/registry.ts';
import { type KnownHistory, latestFinal, sightingOf } from '../receive/history.ts';
import { isSilent } from './family.ts';
import { mismatchOf, statementOfRow } from './mismatch.ts';
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
 * How PayCools and the ledger compare on one subject:
 *
 * - `matched`: they agree, or nothing is due yet.
 * - `missing`: final at PayCools, and no event has reported it.
 * - `status-mismatch`: different final statuses, or final in the ledger and not at PayCools.
 * - `amount-mismatch`: same status, different amount or currency.
 * - `order-mismatch`: same status and amount, different order.
 * - `unknown-to-paycools`: in the ledger, but not at PayCools.
 * - `stuck-pending`: pending at PayCools for too long.
 */
export type Comparison = (typeof comparisons)[number];

/** A subject and its history in the ledger. */
export type KnownSubject = { readonly subject: Subject; readonly entry: KnownHistory };

export type ComparedSubject = {
  readonly comparison: Comparison;
  readonly subject: Subject;
  /** Null if PayCools does not know the subject. */
  readonly row: Row | null;
  /** Null if the ledger does not know the subject. */
  readonly entry: KnownHistory | null;
};

export type ComparisonInput = {
  readonly registry: Registry;
  /** In any order. A subject may occur several times, because the views overlap. */
  readonly rows: readonly Row[];
  readonly known: readonly KnownSubject[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a transaction may be pending, in milliseconds. */
  readonly stuckAfterMs: number;
};

/** Rows about one subject can have different ages: the most advanced status wins. */
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
  if (recorded?.isDelivered !== true) return 'missing'; // recorded, but perhaps never enqueued: the queue decides
  const theirs = statementOfRow(row);
  return (theirs === null ? null : mismatchOf(recorded.statement, theirs)) ?? 'matched';
};

/**
 * Compares PayCools with the ledger. Neither the order nor the repetition of rows matters.
 *
 * @returns exactly one comparison for each subject of either side, sorted by subject
 * @see docs/paycools.md 10
 */
export const compare = (input: ComparisonInput): readonly ComparedSubject[] => {
  const rows = latestRows(input.rows);
  const entries = new Map(input.known.map((known) => [subjectKey(known.subject), known]));
  const compared: ComparedSubject[] = [];
  for (const [key, row] of rows) {
    const entry = entries.get(key)?.entry ?? null;
    compared.push({ comparison: classify(row, entry, input), subject: row.subject, row, entry });
  }
  for (const [key, { subject, entry }] of entries) {
    if (!rows.has(key)) compared.push({ comparison: 'unknown-to-paycools', subject, row: null, entry });
  }
  return compared.sort((left, right) => (subjectKey(left.subject) < subjectKey(right.subject) ? -1 : 1));
};
