import { expect, expectTypeOf, it } from 'vitest';
import type { PaycoolsClient } from '../../src/client/index.ts';
import { type CallName, callByName, endpointList, isCallName, readParameters } from '../../src/client/index.ts';
import { clientFor, payoutRequest, serve, success } from './support.ts';

type Result<
  Group extends keyof PaycoolsClient,
  Name extends keyof PaycoolsClient[Group],
> = PaycoolsClient[Group][Name] extends (...args: never) => Promise<infer Value> ? Value : never;

it('types results', () => {
  expectTypeOf<Result<'account', 'balance'>['balance']>().toEqualTypeOf<number>();
  expectTypeOf<Result<'payout', 'status'>['amount']>().toEqualTypeOf<number>();
  expectTypeOf<Result<'payout', 'status'>['failedCode']>().toEqualTypeOf<string | number | null | undefined>();
  expectTypeOf<Result<'refund', 'payments'>[number]['refundAmount']>().toEqualTypeOf<number>();
  expectTypeOf<Result<'ekyc', 'result'>>().toEqualTypeOf<unknown>();
  expectTypeOf<Result<'checkout', 'create'>['checkoutId']>().toEqualTypeOf<string>();
});

it('narrows the type of an optional member', () => {
  const failureOf = (status: Result<'payout', 'status'>): string =>
    status.transactionStatus === 'FAILED' && typeof status.failedMessage === 'string' ? status.failedMessage : 'none';
  const status = { mchOrderId: 'A', transactionId: 'T', amount: 1, transactionStatus: 'FAILED', failedMessage: 'no' };
  expect(failureOf(status)).toBe('no');
});

it('types the rows of a statement', () => {
  type Rows = ReturnType<PaycoolsClient['account']['paymentStatement']>;
  type Row = Rows extends AsyncGenerator<infer Value> ? Value : never;
  expectTypeOf<Row['amount']>().toEqualTypeOf<number>();
  expectTypeOf<Row['transactionId']>().toEqualTypeOf<string>();
  expectTypeOf<Row['paymentChannel']>().toEqualTypeOf<string | null | undefined>();
});

/** Never run: the test is whether it compiles. */
const wrongCalls = (client: PaycoolsClient) => [
  () => client.account.balance(),
  () => client.checkout.channels({}, { signal: AbortSignal.abort() }),
  // @ts-expect-error a payout needs its parameters
  () => client.payout.create(),
  // @ts-expect-error amounts are numbers
  () => client.payout.create({ ...payoutRequest, amount: '50010' }),
  // @ts-expect-error BANK needs bankCode
  () => client.payout.create({ ...payoutRequest, bankCode: undefined }),
  // @ts-expect-error there is no such method of payment
  () => client.payout.create({ ...payoutRequest, payMethodCode: 'CASH' }),
  // @ts-expect-error no such parameter
  () => client.payout.status({ merchantOrderId: 'A' }),
  // @ts-expect-error a dynamic QR code needs an amount
  () => client.qrCode.create({ mchOrderId: 'A', customerName: 'J', channelCode: 'QRPH_DYNAMIC_QR' }),
  // @ts-expect-error only one of the two ids is allowed
  () => client.refund.payments({ originalTransactionId: 'A', refundTransactionId: 'B' }),
  // @ts-expect-error no such method
  () => client.webPayment.cancel({ mchOrderId: 'A' }),
];

it('rejects wrong calls at compile time', () => {
  expect(wrongCalls(clientFor('http://127.0.0.1:9'))).toHaveLength(10);
});

it('has a method for every call of the table', () => {
  const client = clientFor('http://127.0.0.1:9');
  const calls = Object.entries(client).flatMap(([group, methods]) =>
    Object.keys(methods).map((name) => `${group}.${name}`),
  );
  expect(calls).toEqual(endpointList.map(({ call }) => call));
  expect(calls).toHaveLength(35);
});

it('calls a method by its name, with the strings of a command line', async () => {
  await using server = await serve(success({ transactionId: 'D1' }));
  const texts = { ...payoutRequest, amount: '50010', gender: '1' };
  const parameters = readParameters('payout.create', texts);
  expect(parameters).toEqual({ ok: true, value: { ...payoutRequest, amount: 50_010, gender: 1 } });
  await callByName(clientFor(server.url), 'payout.create', { parameters: parameters.ok && parameters.value });
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ amount: 50_010, accountNo: '001122334455' });
});

it.each([
  [{ channelCodeList: 'A,B' }, { channelCodeList: ['A', 'B'] }],
  [
    { channelCodeList: '["A"]', billingAddress: '{"city":"Manila"}' },
    { channelCodeList: ['A'], billingAddress: { city: 'Manila' } },
  ],
])('reads lists and objects of a command line: %j', (texts, expected) => {
  const rest = { mchOrderId: 'A', amount: '5', customerName: 'J', email: 'a@b.ph', mobile: '09123456789' };
  const urls = { notifyUrl: 'https://shop.example/', redirectUrl: 'https://shop.example/' };
  expect(readParameters('checkout.create', { ...rest, ...urls, ...texts })).toMatchObject({
    ok: true,
    value: expected,
  });
});

it('names the problems with the strings of a command line', () => {
  expect(readParameters('payout.status', { order: 'A' })).toMatchObject({
    ok: false,
    error: [expect.stringContaining('mchOrderId'), expect.stringContaining('order')],
  });
});

it('recognizes the names of calls', () => {
  const known: CallName = 'payout.status';
  expect([isCallName(known), isCallName('payout.cancel'), isCallName('__proto__')]).toEqual([true, false, false]);
});
