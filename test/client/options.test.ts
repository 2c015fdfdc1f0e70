import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createPaycoolsClient } from '../../src/client/index.ts';
import { clientFor, payoutRequest, privateKey, rejection, serve, success } from './support.ts';

it('refuses wrong parameters before anything is sent, by name and without values', async () => {
  await using server = await serve(success(null));
  const request = { ...payoutRequest, amount: 10.5, accountName: '12345 secret' };
  const error = await rejection(clientFor(server.url).payout.create(request));
  expect(error).toMatchObject({
    name: 'PaycoolsRequestError',
    code: 'PAYCOOLS_REQUEST',
    outcome: 'not-sent',
    details: [expect.stringContaining('amount'), expect.stringContaining('accountName')],
  });
  expect(inspect(error)).not.toContain('secret');
  expect(server.received).toHaveLength(0);
});

it('refuses a string that cannot be encoded as UTF-8', async () => {
  const call = clientFor('http://127.0.0.1:9').payout.status({ mchOrderId: 'A\ud800' });
  await expect(call).rejects.toMatchObject({ code: 'PAYCOOLS_REQUEST', outcome: 'not-sent' });
});

it('requires appName for a payout, from the client or the call', async () => {
  const options = { baseUrl: 'http://127.0.0.1:9', appId: 'A', privateKey };
  await expect(createPaycoolsClient(options).payout.create(payoutRequest)).rejects.toMatchObject({
    details: ['appName: required, here or in the options of the client'],
  });
  const client = createPaycoolsClient({ ...options, appName: 'Shop 24' });
  await expect(client.payout.create(payoutRequest)).rejects.toMatchObject({
    details: ['appName: must be letters and spaces'],
  });
});

it.each([
  ['http on another host', { baseUrl: 'http://api.paycools.example' }, 'baseUrl must be https'],
  ['a user in the address', { baseUrl: 'https://me:pw@api.paycools.example' }, 'baseUrl must have no user'],
  ['an invalid address', { baseUrl: 'paycools' }, 'baseUrl is not a valid URL'],
  ['a missing key', { privateKey: undefined } as never, 'privateKey is missing'],
  ['a missing appId', { appId: undefined } as never, 'appId is missing'],
  ['an empty appId', { appId: ' ' }, 'appId is empty'],
  ['an invalid key', { privateKey: 'top-secret' }, 'privateKey is neither PEM'],
  ['an unknown time zone', { timeZone: 'Manila' }, 'timeZone is not an IANA time zone'],
  [
    'a path for an unknown call',
    { paths: { 'payout.cancel': '/x' } as never },
    'paths: payout.cancel is not a known call',
  ],
  ['an invalid path', { paths: { 'qrCode.get': 'qr' } }, 'the path of qrCode.get must begin with /'],
  ['a time limit of zero', { timeoutMs: 0 }, 'timeoutMs must be a positive integer'],
])('refuses the option %s', (_, options, message) => {
  expect(() => clientFor('https://api-uat.paycools.com', options)).toThrow(message);
});
