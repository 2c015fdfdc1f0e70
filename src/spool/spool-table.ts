import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { SetAsideCallback, SpooledCallback } from '../receive/ports.ts';

/** A spooled callback, with its position. */
export type SpoolEntry = SpooledCallback & {
  readonly seq: number;
  /** Whether it was set aside, and reported as a finding. */
  readonly isReported: boolean;
};

type Row = Readonly<Record<string, SQLOutputValue>>;

/** The callback in a row of a spool file. */
export const callbackOf = ({ merchant, product, received_at: receivedAt, body, trace }: Row): SpooledCallback => ({
  merchant: merchant as string,
  product: product as string | null,
  receivedAt: receivedAt as number,
  body: body as Uint8Array,
  ...(typeof trace === 'string' ? { trace } : {}),
});

const entryOf = (row: Row): SpoolEntry => ({
  seq: row['seq'] as number,
  isReported: row['reported'] === 1,
  ...callbackOf(row),
});

const asideOf = (row: Row): SetAsideCallback => ({
  ...entryOf(row),
  setAsideAt: row['set_aside_at'] as number,
  reason: row['reason'] as string,
});

/** The statements on a spool file. Callers begin and end the transactions. */
export class SpoolTable {
  readonly #file: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: DatabaseSync) {
    this.#file = file;
  }

  /** Inserts a callback, unless there is one with the same key. Returns whether it was inserted. */
  insert({ merchant, product, receivedAt, body, trace }: SpooledCallback, key: string | null): boolean {
    const sql =
      'INSERT OR IGNORE INTO spool (merchant, product, received_at, body, trace, key) VALUES (?, ?, ?, ?, ?, ?)';
    return this.#sql(sql).run(merchant, product, receivedAt, body, trace ?? null, key).changes === 1;
  }

  has(key: string): boolean {
    return this.#sql('SELECT 1 FROM spool WHERE key = ?').get(key) !== undefined;
  }

  /** How many callbacks are waiting, how many are set aside, and the size of all bodies. */
  totals(): { readonly waiting: number; readonly setAside: number; readonly bytes: number } {
    const sql = `SELECT count(*) AS count, count(set_aside_at) AS aside, coalesce(sum(length(body)), 0) AS bytes FROM spool`;
    const { count, aside, bytes } = this.#sql(sql).get() as { count: number; aside: number; bytes: number };
    return { waiting: count - aside, setAside: aside, bytes };
  }

  /** When the oldest waiting callback was received, in milliseconds since 1970; null if none is waiting. */
  oldestReceivedAt(): number | null {
    const row = this.#sql('SELECT received_at FROM spool WHERE set_aside_at IS NULL ORDER BY seq LIMIT 1').get();
    return (row?.['received_at'] as number | undefined) ?? null;
  }

  /** Waiting callbacks after this `seq`, in order. */
  listWaiting(after: number, limit: number): SpoolEntry[] {
    const sql = 'SELECT * FROM spool WHERE set_aside_at IS NULL AND seq > ? ORDER BY seq LIMIT ?';
    return this.#sql(sql).all(after, limit).map(entryOf);
  }

  delete(seq: number): void {
    this.#sql('DELETE FROM spool WHERE seq = ?').run(seq);
  }

  setAside(seq: number, at: number, reason: string): void {
    this.#sql('UPDATE spool SET set_aside_at = ?, reason = ?, reported = 0 WHERE seq = ?').run(at, reason, seq);
  }

  /** Callbacks that are set aside, in order: all, or only those that are not reported yet. */
  listSetAside({
    limit,
    isUnreported,
  }: {
    readonly limit: number;
    readonly isUnreported: boolean;
  }): SetAsideCallback[] {
    const only = isUnreported ? 'AND reported = 0' : '';
    const sql = `SELECT * FROM spool WHERE set_aside_at IS NOT NULL ${only} ORDER BY seq LIMIT ?`;
    return this.#sql(sql).all(limit).map(asideOf);
  }

  markReported(seq: number): void {
    this.#sql('UPDATE spool SET reported = 1 WHERE seq = ?').run(seq);
  }

  /** Returns a callback that is set aside to the waiting ones. Returns false if it is not set aside. */
  release(seq: number): boolean {
    const sql = 'UPDATE spool SET set_aside_at = NULL, reason = NULL WHERE seq = ? AND set_aside_at IS NOT NULL';
    return this.#sql(sql).run(seq).changes === 1;
  }

  /** The callback with this `seq` if it is set aside; otherwise null. */
  findSetAside(seq: number): SetAsideCallback | null {
    const row = this.#sql('SELECT * FROM spool WHERE seq = ? AND set_aside_at IS NOT NULL').get(seq);
    return row === undefined ? null : asideOf(row);
  }

  #sql(text: string): StatementSync {
    const statement = this.#statements.get(text) ?? this.#file.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}
