import type { Status } from '../../src/core/event.ts';
import { amountOf } from '../../src/core/money.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import type { KnownHistory, Sighting } from '../../src/receive/history.ts';
import type { KnownSubject } from '../../src/reconcile/compare.ts';
import { type Row, transactionRow } from '../../src/reconcile/row.ts';

export const registry = createRegistry(products);
export const NOW = Date.parse('2026-05-02T12:00:00Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A row of a web payment of ten pesos. */
export const rowOf = (change: Partial<Parameters<typeof transactionRow>[1]> = {}): Row =>
  transactionRow(null, {
    transactionId: 'C1',
    mchOrderId: 'M1',
    amount: 1000,
    transactionStatus: 'COMPLETE',
    channelCode: 'PAYMAYA_URL',
    createTime: '2026-05-02T02:00:00.000Z',
    returnTime: '2026-05-02T02:00:00.000Z',
    ...change,
  });

export type Seen = { readonly status: Status; readonly minor?: number | null; readonly isDelivered?: boolean };

/** The ledger entry after these statuses, received one second apart. */
export const entryOf = (seen: readonly Seen[], product = 'web-payment'): KnownHistory => ({
  product,
  refuted: [],
  sightings: seen.map(({ status, minor = 1000, isDelivered = true }, index): Sighting => {
    const moment = { completedAt: NOW + index * 1000, createdAt: NOW, receivedAt: NOW + index * 1000 };
    const amount = minor === null ? null : amountOf(minor, 'PHP');
    return {
      statement: { status, amount, merchantOrderId: 'M1', channelCode: null },
      repeatedAt: null,
      first: moment,
      last: moment,
      origin: 'callback',
      isDelivered,
    };
  }),
});

export const knownOf = (id: string, entry: KnownHistory): KnownSubject => ({
  subject: { kind: 'transaction', id },
  entry,
});
