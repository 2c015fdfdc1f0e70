import type { Status } from '../../src/core/event.ts';
import { amountOf } from '../../src/core/money.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import type { LedgerEntry, Sighting } from '../../src/receive/ports.ts';
import type { Known } from '../../src/reconcile/compare.ts';
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

export const entryOf = (seen: readonly Seen[], product = 'web-payment'): LedgerEntry => {
  const sightings = seen.map(({ status, minor = 1000, isDelivered = true }, index): [Status, Sighting] => [
    status,
    {
      statement: {
        status,
        amount: minor === null ? null : amountOf(minor, 'PHP'),
        merchantOrderId: 'M1',
        channelCode: null,
      },
      ordinal: index + 1,
      isDelivered,
      origin: 'callback',
      at: NOW,
    },
  ]);
  return { product, sightings: new Map(sightings) };
};

export const knownOf = (id: string, entry: LedgerEntry): Known => ({ subject: { kind: 'transaction', id }, entry });
