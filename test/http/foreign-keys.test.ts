import { expect, it } from 'vitest';
import { paycools } from '../cli/support.ts';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

/** Names that every JavaScript object inherits: a lookup with one of them must find nothing. */
const INHERITED = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];

it.each(INHERITED)('finds nothing under the name %s, at any address', async (name) => {
  const { publicUrl, opsUrl } = await startTestService();
  const body = sign(payoutFields());
  const status = async (url: string): Promise<number> => (await fetch(url)).status;
  expect((await post(`${publicUrl}/callbacks/${name}`, body)).status).toBe(404);
  expect((await post(`${publicUrl}/merchants/${name}/callbacks/payout`, body)).status).toBe(401);
  expect(await status(`${opsUrl}/schemas/${name}.json`)).toBe(404);
  expect(await status(`${opsUrl}/console/actions/${name}`)).toBe(404);
  expect(await status(`${opsUrl}/${name}`)).toBe(404);
});

it.each(INHERITED.filter((name) => name !== '__proto__'))(
  'does not know %s as an event name, a status word or a member',
  async (name) => {
    const { publicUrl, namespace } = await startTestService();
    await postPayout(publicUrl, { eventName: name });
    await postPayout(publicUrl, { transactionStatus: name });
    await postPayout(publicUrl, { [name]: 'x' });
    expect(await waitingEvents(namespace, 'unrecognized')).toHaveLength(2);
    expect(await waitingEvents(namespace, 'payout')).toMatchObject([{ data: { raw: { [name]: 'x' } } }]);
  },
);

it.each(INHERITED)('knows no call, product or parameter %s on the command line', async (name) => {
  for (const words of [['api', name], ['api', `payout.${name}`], ['send', name], [name]]) {
    expect(await paycools(words)).toMatchObject({ code: 2, out: '' });
  }
});
