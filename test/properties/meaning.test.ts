import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonRecord, JsonValue } from '../../src/core/json.ts';
import { buildEvent } from '../../src/products/event.ts';
import { interpret } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { proofOf } from '../support/proof.ts';

const registry = createRegistry(products);

/** The event that a genuine flat body with these fields becomes; null if it is unrecognized or ambiguous. */
const eventOf = (product: string, fields: JsonRecord) => {
  const proof = proofOf(fields);
  const interpreted = interpret(registry, proof, { product, timeZone: 'Asia/Manila' });
  if (!interpreted.ok || proof.isAmbiguous) return null;
  return buildEvent(interpreted.value, { merchant: 'default', origin: 'callback', receivedAt: 0, flags: [] });
};

/** Status words of other providers, and words similar to those of PayCools. */
const UNKNOWN_WORDS = [
  ...'REVERSED DECLINED VOID VOIDED CHARGEBACK PROCESSING REJECTED EXPIRED AUTHORIZED CAPTURED SETTLED REFUNDED'.split(
    ' ',
  ),
  ...'DISPUTED BLOCKED ABANDONED TIMEOUT ERROR HOLD ON_HOLD PARTIAL RETURNED INITIATED CREATED ACCEPTED PAID OK'.split(
    ' ',
  ),
  ...[' COMPLETE', 'COMPLETE ', 'COMPLETE\n', 'COMPL ETE', 'COMPLETE,FAILED', '1', '0', 'true', 'null', 'undefined'],
  ...['ſUCCESS', 'SUCCEſſ', 'ＣＯＭＰＬＥＴＥ', 'constructor', '__proto__', 'toString', 'valueOf'],
];

const KNOWN = /^(?:complete|completed|success|failed|fail|pending|closed|cancel|canceled|cancelled)$/i;

const unknownWord = fc
  .oneof(
    fc.constantFrom(...UNKNOWN_WORDS),
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  .filter((word) => !KNOWN.test(word));

const statusMember = new Map([['refund', 'refundStatus']]);

const payments = products
  .filter(({ product }) => product !== 'ekyc')
  .flatMap(({ product, notifications }) =>
    notifications
      .filter(({ name }) => name !== 'authorization')
      .flatMap(({ examples }) => examples.map(({ fields }) => ({ product, fields }))),
  );

describe('an unknown status word', () => {
  it('makes a payment of any family unrecognized', () => {
    fc.assert(
      fc.property(fc.constantFrom(...payments), unknownWord, ({ product, fields }, word) => {
        const member = statusMember.get(product) ?? 'transactionStatus';
        expect(eventOf(product, { ...fields, [member]: word })).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it.each(UNKNOWN_WORDS)('activates no authorization and approves nobody: %j', (word) => {
    const authorization = { eventName: 'token.create.success', userId: 'u1', channelCode: 'C', tokenStatus: word };
    expect(eventOf('direct-debit', authorization)).toBeNull();
    expect(eventOf('ekyc', { userId: 'u1', status: word })?.data.status).not.toBe('approved');
  });
});

/** Fields with the identity and amount of a payment (docs/paycools.md 4, the lines "Need"), its status and its family. */
const REQUIRED = new Set([
  ...['eventName', 'transactionId', 'mchOrderId', 'amount', 'transactionStatus'],
  ...['refundTransactionId', 'mchRefundOrderId', 'originalTransactionId', 'refundAmount', 'refundStatus'],
  ...['userId', 'channelCode', 'paytoken', 'requestId', 'tokenStatus'],
]);

const optional = products
  .filter(({ product }) => product !== 'ekyc')
  .flatMap(({ product, notifications }) =>
    notifications.flatMap(({ name, examples }) =>
      examples.flatMap(({ fields }) =>
        [...Object.keys(fields), 'currency', 'failedCode', 'failedMessage', 'remark', 'checkoutId', 'fee']
          .filter(
            (member) =>
              !REQUIRED.has(member) || (member === 'channelCode' && name !== 'authorization' && product !== 'refund'),
          )
          .map((member) => ({ product, fields, member })),
      ),
    ),
  );

const jsonValue = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

/** The members of an event that no optional field may change. */
const coreOf = (event: ReturnType<typeof eventOf>) =>
  event && {
    id: event.id,
    type: event.type,
    subject: event.subject,
    status: event.data.status,
    minor: event.data.amount?.minor,
    order: event.data.merchantOrderId,
    transaction: event.data.transactionId,
  };

const sortJson = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sortJson)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort()
            .map(([name, it]) => [name, sortJson(it)]),
        )
      : value;

describe('an optional field', () => {
  it('may have any value: the meaning of the event stays the same, and the value is in raw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...optional), jsonValue, ({ product, fields, member }, value) => {
        const changed = eventOf(product, { ...fields, [member]: value as JsonValue });
        fc.pre(!JSON.stringify(value).includes('&'));
        expect(coreOf(changed)).toEqual(coreOf(eventOf(product, fields)));
        const isSigned = value !== null && value !== '';
        expect(sortJson(changed?.data.raw[member])).toEqual(
          isSigned ? sortJson(JSON.parse(JSON.stringify(value))) : undefined,
        );
      }),
      { numRuns: 500 },
    );
  });
});
