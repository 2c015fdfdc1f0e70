import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumbering } from '../faults/suite/numbered.ts';
import { post } from '../support/callback.ts';
import { genuine } from './suite/bodies.ts';
import { anyRequest } from './suite/requests.ts';
import { openTarget } from './suite/target.ts';

const RUNS = 120;
const CONCURRENCY = 12;
const { transactionOf, amountOf } = createNumbering(0);

describe('the public listener under fuzz', { timeout: 60_000 }, () => {
  it('never crashes, never replies 5xx, and accepts only genuine callbacks', async () => {
    await using target = await openTarget();
    const batch = fc.array(anyRequest, { minLength: CONCURRENCY, maxLength: CONCURRENCY });
    const property = fc.asyncProperty(batch, async (requests) => {
      expect((await Promise.all(requests.map(target.send))).flat()).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS });
    expect((await post(`${target.receiver.publicUrl}/callbacks/payout`, genuine)).status).toBe(200);
    const stored = await target.stored();
    expect(stored.map(({ where, transaction, amount }) => [where, transaction, amount])).toEqual([
      ['payout', transactionOf(1), amountOf(1)],
    ]);
    expect(target.receiver.unexpectedExits).toEqual([]);
  });
});
