import { sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { APP_ID, clientOf, merchantKey, sandboxWith } from './support.ts';

const NOW = 1_790_000_000_000;

/** Signs with node:crypto alone. */
const signed = (text: string): string => sign('sha256', Buffer.from(text), merchantKey).toString('base64');

const answerOf = async (response: Response) => {
  const { code, message } = (await response.json()) as { code: number; message: string };
  return { code, message };
};

const get = async (url: string, query: Readonly<Record<string, string>>) =>
  answerOf(await fetch(`${url}?${new URLSearchParams(query)}`));

const post = async (url: string, body: unknown) =>
  answerOf(
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

it('accepts a request that was signed by hand as PayCools documents', async () => {
  await using sandbox = await sandboxWith();
  const url = `${sandbox.url}/api/v1/account/checkBalance`;
  expect(await get(url, { appId: APP_ID, sign: signed(`appId=${APP_ID}`) })).toMatchObject({ code: 1000 });
});

it.each([
  ['no signature', {}, 1003],
  ['a signature of a different text', { sign: signed(`appId=${APP_ID}&secret=x`) }, 1003],
  ['a signature that is not base64', { sign: '%%%' }, 1003],
  ['a parameter that is not signed', { sign: signed(`appId=${APP_ID}`), extra: '1' }, 1003],
  ['another appId', { appId: 'someone-else', sign: signed('appId=someone-else') }, 1001],
])('refuses %s', async (_, query, code) => {
  await using sandbox = await sandboxWith();
  expect(await get(`${sandbox.url}/api/v1/account/checkBalance`, { appId: APP_ID, ...query })).toMatchObject({ code });
});

it('verifies numbers as written in the JSON', async () => {
  await using sandbox = await sandboxWith({ now: () => NOW });
  const text = `appId=${APP_ID}&createDate=2026-09-21&page=1.0&timestamp=${NOW}`;
  const body = `{"appId":"${APP_ID}","createDate":"2026-09-21","page":1.0,"timestamp":"${NOW}","sign":"${signed(text)}"}`;
  expect(await post(`${sandbox.url}/api/v1/record/paymentList`, body)).toMatchObject({ code: 1000 });
  expect(await post(`${sandbox.url}/api/v1/record/paymentList`, body.replace('1.0', '1'))).toMatchObject({
    code: 1003,
  });
});

it.each([
  ['older than two minutes', NOW - 121_000, 1009],
  ['two minutes old', NOW - 120_000, 1000],
  ['more than two minutes in the future', NOW + 121_000, 1009],
])('checks a timestamp %s', async (_, timestamp, code) => {
  await using sandbox = await sandboxWith({ now: () => NOW });
  const parameters = { appId: APP_ID, createDate: '2026-09-21', page: 1, timestamp: String(timestamp) };
  const sign = signed(`appId=${APP_ID}&createDate=2026-09-21&page=1&timestamp=${timestamp}`);
  expect(await post(`${sandbox.url}/api/v1/record/payoutList`, { ...parameters, sign })).toMatchObject({ code });
});

it.each([
  ['fields', (param: string) => `appId=${APP_ID}&param=${param}`],
  ['param', (param: string) => param],
] as const)('accepts an envelope that signs its %s', async (envelope, textOf) => {
  await using sandbox = await sandboxWith({ envelope, now: () => NOW });
  const param = `{ "countryCode": "PH", "timestamp": "${NOW}" }`;
  const body = { appId: APP_ID, param, sign: signed(textOf(param)) };
  const url = `${sandbox.url}/api/v2/checkout/channel`;
  expect(await post(url, body)).toMatchObject({ code: 1 });
  expect(await post(url, { ...body, param: param.replaceAll(' ', '') })).toMatchObject({ code: 1003 });
});

it.each(['', 'null', '[]', '{"appId":', '"text"'])('refuses the body %j', async (body) => {
  await using sandbox = await sandboxWith();
  expect((await post(`${sandbox.url}/api/v1/payout`, body)).code).not.toBe(1000);
});

it('replies 404 at an unknown path', async () => {
  await using sandbox = await sandboxWith();
  const response = await fetch(`${sandbox.url}/api/v1/nothing`);
  expect(response.status).toBe(404);
});

it('accepts overrides of paths and styles, as the client does', async () => {
  const paths = {
    'qrCode.get': '/api/v2/qrcode/{mchOrderId}/detail',
    'directDebit.authorizationStatus': { path: '/api/jt/tokens', style: 'flat' },
  } as const;
  await using sandbox = await sandboxWith({ paths });
  const client = clientOf(sandbox.url, { paths });
  await client.qrCode.create({ mchOrderId: 'a/ñ ?', customerName: 'Juan', channelCode: 'QRPH_STATIC_QR' });
  expect(await client.qrCode.get({ mchOrderId: 'a/ñ ?' })).toMatchObject({ mchOrderId: 'a/ñ ?' });
  expect(await client.directDebit.authorizationStatus({ userId: 'u' })).toEqual({ tokenList: [] });
});

it.each([
  [{ publicKey: 'x' }, 'publicKey'],
  [{ callbackSecret: ' ' }, 'callbackSecret is empty'],
  [{ timeZone: 'Manila' }, 'timeZone'],
])('does not start with %j', async (options, message) => {
  await expect(sandboxWith(options)).rejects.toThrow(message);
});
