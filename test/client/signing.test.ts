import { expect, it } from 'vitest';
import { requestText } from '../../src/client/index.ts';
import { APP_ID, clientFor, isSigned, payoutRequest, serve, success } from './support.ts';

it('signs the parameters of a POST sorted by key, numbers as written in the JSON', async () => {
  await using server = await serve(success(null));
  await clientFor(server.url).payout.create(payoutRequest);
  const body = JSON.parse(server.received[0]?.body ?? '');
  expect(
    isSigned(
      `accountName=Juan dela Cruz&accountNo=001122334455&amount=50010&appId=${APP_ID}&appName=Shop&bankCode=BDO` +
        '&idempotencyId=idem000001&mchOrderId=P1&payMethodCode=BANK',
      body.sign,
    ),
  ).toBe(true);
  expect(body.amount).toBe(50_010);
});

it('percent-encodes the base64 of the signature in a query', async () => {
  await using server = await serve(success({ balance: 1 }));
  await clientFor(server.url).account.balance();
  const url = server.received[0]?.url;
  expect(url?.pathname).toBe('/api/v1/account/checkBalance');
  expect(url?.search).toMatch(/^\?appId=[0-9a-f]{32}&sign=[A-Za-z0-9%]+$/);
  expect(isSigned(`appId=${APP_ID}`, url?.searchParams.get('sign'))).toBe(true);
});

it('does not sign a path variable where the page does not list it as a parameter', async () => {
  await using server = await serve(success([]));
  await clientFor(server.url).qrCode.payments({
    mchOrderId: 'A/B ñ',
    startDate: '2026-01-01',
    endDate: '2026-01-02',
  });
  const url = server.received[0]?.url;
  expect(url?.pathname).toBe('/api/v1/qrcode/A%2FB%20%C3%B1/payments');
  expect(url?.searchParams.has('mchOrderId')).toBe(false);
  expect(isSigned(`appId=${APP_ID}&endDate=2026-01-02&startDate=2026-01-01`, url?.searchParams.get('sign'))).toBe(true);
});

it('signs the transaction id of a web payment, which is in the path and in the query', async () => {
  await using server = await serve(
    success({ mchOrderId: 'A', transactionId: 'T1', amount: 1, transactionStatus: 'PENDING' }),
  );
  await clientFor(server.url).webPayment.status({ transactionId: 'T1' });
  const url = server.received[0]?.url;
  expect(url?.pathname).toBe('/api/v1/payment/T1');
  expect(url?.searchParams.get('transactionId')).toBe('T1');
  expect(isSigned(`appId=${APP_ID}&transactionId=T1`, url?.searchParams.get('sign'))).toBe(true);
});

it('signs appId and param of an envelope, and sends exactly the signed text', async () => {
  await using server = await serve(success([]));
  await clientFor(server.url, { runtime: { now: () => 1_700_000_000_000 } }).checkout.channels();
  const body = JSON.parse(server.received[0]?.body ?? '');
  expect(Object.keys(body).sort()).toEqual(['appId', 'param', 'sign']);
  expect(body.param).toBe('{"countryCode":"PH","timestamp":"1700000000000"}');
  expect(isSigned(`appId=${APP_ID}&param=${body.param}`, body.sign)).toBe(true);
});

it('signs param alone if the client is configured so', async () => {
  await using server = await serve(success([]));
  await clientFor(server.url, { envelope: 'param' }).checkout.channels();
  const body = JSON.parse(server.received[0]?.body ?? '');
  expect(isSigned(body.param, body.sign)).toBe(true);
});

it('sends a call of menu 10 flat, to another path, if the client is configured so', async () => {
  await using server = await serve(success({ tokenList: null }));
  const paths = {
    'directDebit.authorizationStatus': { path: '/api/jt/{userId}/tokens', style: 'flat', http: 'GET' },
  } as const;
  const client = clientFor(server.url, { paths, runtime: { now: () => 5 } });
  expect(await client.directDebit.authorizationStatus({ userId: 'u1' })).toEqual({ tokenList: [] });
  const url = server.received[0]?.url;
  expect(url?.pathname).toBe('/api/jt/u1/tokens');
  expect(isSigned(`appId=${APP_ID}&timestamp=5`, url?.searchParams.get('sign'))).toBe(true);
});

it('sends nested values of a flat call as a text of compact JSON', async () => {
  await using server = await serve(success(null));
  await clientFor(server.url, { paths: { 'ekyc.init': { style: 'flat' } }, runtime: { now: () => 5 } }).ekyc.init({
    person: { name: 'A' },
  });
  const body = JSON.parse(server.received[0]?.body ?? '');
  expect(body.person).toBe('{"name":"A"}');
  expect(isSigned(`appId=${APP_ID}&person={"name":"A"}&timestamp=5`, body.sign)).toBe(true);
});

it('refuses an order id that would change the path', async () => {
  const client = clientFor('http://127.0.0.1:9');
  const query = { mchOrderId: '..', startDate: '2026-01-01', endDate: '2026-01-01' };
  await expect(client.qrCode.payments(query)).rejects.toMatchObject({ code: 'PAYCOOLS_REQUEST', outcome: 'not-sent' });
});

it('leaves sign and empty parameters out of the signed text and encodes nothing', () => {
  expect(requestText({ b: 'x y&z', a: 50_010, sign: 'old', empty: '', flag: false })).toBe(
    'a=50010&b=x y&z&flag=false',
  );
});
