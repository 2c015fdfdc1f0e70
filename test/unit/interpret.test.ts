import { describe, expect, it } from 'vitest';
import type { JsonRecord } from '../../src/core/json.ts';
import { failures, readFailure } from '../../src/products/failures.ts';
import { interpret } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { paymentStatusRules, resolveStatus } from '../../src/products/statuses.ts';
import { proofOf } from '../support/proof.ts';

const registry = createRegistry(products);
const context = { product: null, timeZone: 'Asia/Manila' };

const payout = {
  eventName: 'disbursement.success',
  mchOrderId: 'M1',
  transactionId: 'D1',
  amount: 312500,
  transactionStatus: 'COMPLETE',
};

const read = (fields: JsonRecord) => interpret(registry, proofOf(fields), context);
const complaint = (fields: JsonRecord): string => {
  const interpreted = read(fields);
  return interpreted.ok ? `understood as ${interpreted.value.status}` : interpreted.error;
};

describe('the status of a callback', () => {
  it.each([
    ['COMPLETE', 'succeeded', 'succeeded'],
    ['completed', 'succeeded', 'succeeded'],
    ['SUCCESS', 'succeeded', 'succeeded'],
    ['FAILED', 'failed', 'failed'],
    ['Fail', 'failed', 'failed'],
    ['PENDING', 'succeeded', 'pending'],
    ['CLOSED', 'failed', 'closed'],
    ['CANCELLED', 'succeeded', 'cancelled'],
    ['FAILED', 'succeeded', 'failed'],
    [null, 'succeeded', 'succeeded'],
  ] as const)('says %s with a name that says %s: %s', (word, byName, status) => {
    expect(resolveStatus({ word, byName, rules: paymentStatusRules })).toEqual({ ok: true, value: status });
  });

  it.each(['failed', 'cancelled'] as const)(
    'is refused when the word means success and the event name %s',
    (byName) => {
      expect(resolveStatus({ word: 'COMPLETE', byName, rules: paymentStatusRules })).toMatchObject({ ok: false });
    },
  );
});

describe('the reason of a failure', () => {
  it.each(failures)('is $reason for $code', ({ code, message, reason }) => {
    expect(readFailure(code, message)).toEqual({ code, message, reason });
    expect(readFailure(code, null)).toMatchObject({ reason });
    expect(readFailure(String(code), null)).toMatchObject({ code: String(code), reason });
    expect(readFailure(-code, null)).toMatchObject({ code: -code, reason });
    expect(readFailure(null, message.toUpperCase())).toMatchObject({ code: null, reason });
  });

  it('follows the message when the code contradicts it', () => {
    expect(readFailure(1001, 'Transaction Exceed Limit')).toMatchObject({ code: 1001, reason: 'exceed-limit' });
    expect(readFailure(-10009, 'Channel Refund Failed')).toMatchObject({ reason: 'refund-failed' });
  });

  it('is "other" for anything that is not in the table', () => {
    expect(readFailure(-99999, 'New Thing')).toEqual({ code: -99999, message: 'New Thing', reason: 'other' });
    expect(readFailure(null, null)).toBeNull();
  });
});

describe('a genuine payout callback', () => {
  it('is understood with the required members only', () => {
    const { transactionStatus: _, ...bare } = payout;
    expect(complaint(bare)).toBe('understood as succeeded');
  });

  it('is understood with unknown members, even ones named like members of Object', () => {
    expect(complaint({ ...payout, constructor: 'x', toString: 'y', newField: { a: [1] } })).toBe(
      'understood as succeeded',
    );
  });

  it.each([
    [{ eventName: 'disbursement.unknown' }, 'eventName: is not one that PayCools documents'],
    [{ eventName: 7 }, 'eventName: is missing or not a string'],
    [{ transactionId: '' }, 'transactionId: is missing'],
    [{ transactionId: 'D1\u0007' }, 'transactionId: must be 1 to 128 printable characters'],
    [{ mchOrderId: 'x'.repeat(129) }, 'mchOrderId: must be 1 to 128 printable characters'],
    [{ mchOrderId: '\u200b\u202e' }, 'mchOrderId: must be 1 to 128 printable characters'],
    [{ mchOrderId: { id: 1 } }, 'mchOrderId: must be a string'],
    [{ amount: '100.00' }, 'amount: must be a non-negative integer of centavos'],
    [{ amount: -5 }, 'amount: must be a non-negative integer of centavos'],
    [{ amount: null }, 'amount: must be a non-negative integer of centavos'],
    [{ transactionStatus: 'SOMETHING' }, 'status: the word is not one that PayCools documents'],
    [{ transactionStatus: 7 }, 'status: the word is not one that PayCools documents'],
    [{ transactionStatus: 'ſucceſſ' }, 'status: the word is not one that PayCools documents'],
    [{ transactionStatus: 'CANCEL' }, 'status: cancelled is not a status of this product'],
    [{ eventName: 'disbursement.failed' }, 'the status word says succeeded but the event name says failed'],
  ])('is not understood with %j', (change, sentence) => {
    expect(complaint({ ...payout, ...change } as JsonRecord)).toContain(sentence);
  });

  it('is refused with a reason that never contains a value', () => {
    expect(complaint({ ...payout, transactionId: 'hush\u0007', mchOrderId: 'hush\n' })).not.toContain('hush');
  });

  it('is understood with an unreadable time, which raw keeps', () => {
    const interpreted = read({ ...payout, returnTime: 'soon' });
    expect(interpreted.ok && interpreted.value.facts.completedAt).toBeNull();
    expect(interpreted.ok && interpreted.value.raw['returnTime']).toBe('soon');
  });
});
