import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallName, PaycoolsClient } from '../../src/client/index.ts';
import { callByName } from '../../src/client/index.ts';
import { centavosToDecimal, pesosToCentavos } from '../../src/core/money.ts';
import { clientFor, collect, json, payoutRequest, serve, success } from './support.ts';

const fixture = (name: string): string => readFileSync(`test/fixtures/paycools/replies/${name}.json`, 'utf8');

const span = { mchOrderId: 'A', startDate: '2022-07-01', endDate: '2022-07-31' };
const holder = { mchOrderId: 'A', customerName: 'Juan', email: 'a@b.ph', channelCode: 'GCASH_STATIC_VA' };
const webPayment = {
  mchOrderId: 'A',
  amount: 5000,
  channelCode: 'GCASH_URL',
  email: 'a@b.ph',
  mobile: '09123456789',
  callbackUrl: 'https://shop.example/callbacks',
  redirectUrl: 'https://shop.example/thanks',
};
const checkout = {
  mchOrderId: 'A',
  amount: 5000,
  customerName: 'Juan',
  email: 'a@b.ph',
  mobile: '09123456789',
  notifyUrl: 'https://shop.example/callbacks',
  redirectUrl: 'https://shop.example/thanks',
};
const refund = {
  mchRefundOrderId: 'R',
  originalTransactionId: 'C1',
  refundAmount: 10_000,
  refundCallbackUrl: 'https://shop.example/callbacks',
};
const qrCode = { mchOrderId: 'A', channelCode: 'QRPH_HYBRID_QR', amount: 2000, customerName: 'Juan' };

const documented: readonly (readonly [string, CallName, object, unknown])[] = [
  ['account-balance', 'account.balance', {}, { balance: 439_369_947 }],
  [
    'payout-status',
    'payout.status',
    { mchOrderId: 'A' },
    { amount: 245_500, createTime: '2022-05-23T11:59:05.000Z', failedCode: null },
  ],
  ['virtual-account-create', 'virtualAccount.create', holder, { referenceNumber: 'PC0000710000024' }],
  ['virtual-account-update', 'virtualAccount.createBatch', holder, { paymentVaList: [{ biller: 'PAYCOOLS LOAN' }] }],
  [
    'virtual-account-update',
    'virtualAccount.update',
    { mchOrderId: 'A', channelCode: 'X' },
    { shortLink: 'https://a.api-dev.paycools.com/1L9zOOL' },
  ],
  ['virtual-account-payments', 'virtualAccount.payments', span, [{ transactionAmount: 50_000, remark: null }]],
  [
    'virtual-account-cancel',
    'virtualAccount.cancel',
    { mchOrderId: 'A' },
    { paymentVaList: [{ status: 'INACTIVE' }, {}, {}, {}] },
  ],
  ['qr-code-create', 'qrCode.create', qrCode, { status: 'ACTIVE' }],
  ['qr-code-detail.jt', 'qrCode.get', { mchOrderId: 'A' }, { updateTime: '2022-07-02T10:14:05.000Z', fee: 2000 }],
  ['qr-code-payments', 'qrCode.payments', span, [{ transactionCreateTime: '2022-07-02T10:12:47.000Z' }]],
  ['qr-code-merge-payments.jt', 'qrCode.payments', span, [{ totalAmount: 12_000 }]],
  ['qr-code-cancel', 'qrCode.cancel', { mchOrderId: 'A' }, { status: 'INACTIVE' }],
  ['qr-code-cancel', 'qrCode.update', { mchOrderId: 'A', customerName: 'Juan' }, { qrcodeId: 'QR1007656756764275140' }],
  [
    'bank-transfer-update',
    'bankTransfer.updateBatch',
    { mchOrderId: 'A', channelCode: 'INSTA_TRANSFER_ACC' },
    { paymentAccountList: [{ accountNumber: '999100000199' }] },
  ],
  ['bank-transfer-update', 'bankTransfer.createBatch', holder, { paymentAccountList: [{ receivingBank: 'AllBank' }] }],
  ['bank-transfer-payments', 'bankTransfer.payments', span, [{ transactionAmount: 1000 }, { transactionAmount: 2000 }]],
  ['web-payment-create', 'webPayment.create', webPayment, { transactionId: 'C1175676368800878371' }],
  [
    'web-payment-create.2026',
    'webPayment.create',
    webPayment,
    { transactionAmount: 200_500, expiresTime: '2026-03-17T03:18:07.000Z' },
  ],
  ['web-payment-status', 'webPayment.status', { transactionId: 'C1' }, { amount: 5000, transactionStatus: 'PENDING' }],
  ['refund-create', 'refund.create', refund, { refundStatus: 'PENDING', refundCreateTime: '2024-04-17T10:12:46.000Z' }],
  [
    'refund-payments',
    'refund.payments',
    { originalTransactionId: 'C1' },
    [{ feeRefunded: 1000, failedCode: -10_009, refundReturnTime: '2024-04-17T10:14:05.000Z' }],
  ],
  ['checkout-create', 'checkout.create', checkout, { status: 'PENDING', expiresTime: '2026-03-02T12:51:54.949Z' }],
  ['checkout-state.v1', 'checkout.get', { mchOrderId: 'A' }, { amount: 5000, returnTime: '2022-12-15T03:52:35.000Z' }],
  [
    'direct-debit-payment-status.jt',
    'directDebit.paymentStatus',
    { transactionId: 'T' },
    { transactionStatus: 'SUCCESS', createTime: '2024-01-01T04:00:00.000Z' },
  ],
];

it.each(documented)('reads the documented reply %s of %s', async (name, call, parameters, expected) => {
  await using server = await serve(json(fixture(name)));
  expect(await callByName(clientFor(server.url), call, { parameters })).toMatchObject(expected as object);
});

const rowsOf = (name: string, read: (client: PaycoolsClient) => AsyncIterable<unknown>) => async () => {
  await using server = await serve(json(fixture(name)));
  expect(await collect(read(clientFor(server.url)))).toMatchObject([
    { amount: 10_010, fee: 1010, createTime: '2023-03-21T02:06:36.000Z', completeTime: '2023-03-21T02:06:36.000Z' },
  ]);
};

it(
  'reads the documented payment statement in centavos and UTC',
  rowsOf('payment-statement', (client) => client.account.paymentStatement({ createDate: '2023-03-21' })),
);

it(
  'reads the documented payout statement in centavos and UTC',
  rowsOf('payout-statement', (client) => client.account.payoutStatement({ completeDate: '2023-03-21' })),
);

it.each([
  ['error-ip-forbidden', 1002, 'auth'],
  ['error-transaction-not-found', 1008, 'not-found'],
])('reports the documented refusal %s', async (name, code, kind) => {
  await using server = await serve(json(fixture(name)));
  await expect(clientFor(server.url).webPayment.status({ transactionId: 'C1' })).rejects.toMatchObject({
    name: 'PaycoolsApiError',
    code,
    kind,
    outcome: 'refused',
    retryable: false,
  });
});

it('covers every documented reply', () => {
  const files = readdirSync('test/fixtures/paycools/replies').filter((file) => file.endsWith('.json'));
  const elsewhere = ['payment-statement', 'payout-statement', 'error-ip-forbidden', 'error-transaction-not-found'];
  const names = new Set([...documented.map(([name]) => name), ...elsewhere]);
  expect(files.map((file) => file.replace(/\.json$/, '')).sort()).toEqual([...names].sort());
});

it('accepts a payout reply without data', async () => {
  await using server = await serve(json('{"code":"1000","msg":"success"}'));
  expect(await clientFor(server.url).payout.create(payoutRequest)).toEqual({});
});

it('returns an unreadable time unchanged', async () => {
  const data = { mchOrderId: 'A', transactionId: 'T', amount: 1, transactionStatus: 'NEW', createTime: 'soon' };
  await using server = await serve(success(data));
  expect(await clientFor(server.url).payout.status({ mchOrderId: 'A' })).toEqual(data);
});

it('reads times in the configured zone', async () => {
  await using server = await serve(json(fixture('payout-status')));
  const client = clientFor(server.url, { timeZone: 'UTC' });
  expect(await client.payout.status({ mchOrderId: 'A' })).toMatchObject({ createTime: '2022-05-23T19:59:05.000Z' });
});

it.each([
  ['100.1', 10_010],
  ['100.10', 10_010],
  ['0.07', 7],
  ['1.1', 110],
  ['4.35', 435],
  ['90071992547.99', 9_007_199_254_799],
])('reads %s pesos of a statement as %i centavos', async (amount, minor) => {
  const rows = `{"code":1000,"data":{"records":[{"transactionId":"T","status":"COMPLETE","amount":${amount}}]}}`;
  await using server = await serve(json(rows));
  const statement = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' });
  expect((await statement.next()).value).toMatchObject({ amount: minor });
});

it.each(['100.105', '1e2', '-5', '100.100', '"a"', '1.', 'null'])('does not read %s as pesos', async (amount) => {
  const rows = `{"code":1000,"data":{"records":[{"transactionId":"T","status":"COMPLETE","amount":${amount}}]}}`;
  await using server = await serve(json(rows));
  const statement = clientFor(server.url).account.paymentStatement({ createDate: '2026-01-01' });
  await expect(statement.next()).rejects.toMatchObject({ name: 'PaycoolsResponseError' });
});

it('turns every amount into decimal text and back', () => {
  const centavos = fc.integer({ min: 0, max: 999_999_999_999_999 });
  fc.assert(fc.property(centavos, (minor) => pesosToCentavos(centavosToDecimal(minor)) === minor));
});

it('reads pesos by their decimal text, not as a float', () => {
  const centavos = fc.integer({ min: 0, max: 99_999_999_999_999 });
  fc.assert(fc.property(centavos, (minor) => pesosToCentavos(JSON.stringify(minor / 100)) === minor));
});
