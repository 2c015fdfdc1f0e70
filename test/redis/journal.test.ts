import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/receive/journal.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { readerOf } from '../support/journal.ts';
import { startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const KEY = 'a key of the tests, thirty-two characters';

const start = async (env: Record<string, string> = {}) => {
  const service = await startTestService({ env });
  const reader = readerOf(service.namespace, env['JOURNAL_KEY'] ?? null);
  const send = (body: string, path = '/callbacks/payout') => post(`${service.publicUrl}${path}`, body);
  const entries = async (count: number): Promise<readonly JournalEntry[]> => {
    let found: readonly JournalEntry[] = [];
    await until(
      async () => {
        found = (await reader.list({ limit: 100 })).entries;
        return found.length >= count;
      },
      { what: `the journal has ${count} entries`, timeoutMs: 5000 },
    );
    return found;
  };
  return { ...service, reader, send, entries };
};

const textOf = ({ body }: JournalEntry): string => new TextDecoder().decode(body ?? undefined);

describe('the journal', () => {
  it('records every callback, genuine or not, with its bytes and outcome', async () => {
    const { send, entries } = await start();
    const genuine = sign(payoutFields({ transactionId: 'D1' }));
    const forged = genuine.replace('312500', '912500');
    for (const body of [genuine, genuine, forged, '{', sign(payoutFields({ eventName: 'unheard' }))]) await send(body);
    await send(genuine, '/merchants/nobody/callbacks/payout');
    const found = await entries(5);
    expect(found.map(({ outcome, status }) => [outcome, status]).sort()).toEqual([
      ['accepted', 200],
      ['forged', 401],
      ['forged', 401],
      ['malformed', 400],
      ['unrecognized', 200],
    ]);
    expect(found.find(({ outcome }) => outcome === 'accepted')).toMatchObject({
      repeats: { count: 1 },
      merchant: 'default',
      address: 'payout',
      source: '127.0.0.1',
      reason: null,
      isCut: false,
      event: { type: 'com.paycools.payout.succeeded', product: 'payout', transactionId: 'D1', flags: [] },
    });
    expect(found.filter((entry) => textOf(entry) === forged)).toMatchObject([{ outcome: 'forged', event: null }]);
  });

  it.each(['event', 'transaction', 'order', 'request', 'entry'])(
    'finds a callback by the id of its %s',
    async (kind) => {
      const { send, entries, reader } = await start();
      for (const transactionId of ['D1', 'D2']) {
        await send(sign(payoutFields({ transactionId, mchOrderId: `order-of-${transactionId}` })));
      }
      const [, first] = await entries(2);
      const ids: Record<string, string | null | undefined> = {
        event: first?.event?.id,
        transaction: 'D1',
        order: 'order-of-D1',
        request: first?.requestId,
        entry: first?.id,
      };
      expect(await reader.find(String(ids[kind]))).toEqual(first);
      expect(await reader.find('D')).toBeNull(); // the beginning of an id is not the id
    },
  );

  it('lists a callback by the beginning of any id, and of its request id from four characters on', async () => {
    const { send, entries, reader } = await start();
    await send(sign(payoutFields({ transactionId: 'XYZ-1' })));
    const [entry] = await entries(1);
    const countOf = async (id: string) => (await reader.list({ id, limit: 10 })).entries.length;
    const request = entry?.requestId ?? '';
    expect(await Promise.all(['x', 'xyz', request.slice(0, 4), request.slice(0, 3)].map(countOf))).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it('is encrypted at rest with JOURNAL_KEY, and readable only with the same key', async () => {
    const { send, entries, namespace } = await start({ JOURNAL_KEY: KEY });
    await send(sign(payoutFields({ remark: 'for Maria Clara' })));
    const [entry] = await entries(1);
    expect(textOf(entry as JournalEntry)).toContain('Maria Clara');
    const kept = await namespace.redis.xrangeBuffer(`${namespace.prefix}:{journal}:genuine`, '-', '+');
    expect(Buffer.concat(kept.flatMap(([, fields]) => fields)).includes('Maria')).toBe(false);
    for (const key of [null, `another ${KEY}`]) {
      const [sealed] = (await readerOf(namespace, key).list({ limit: 1 })).entries;
      expect(sealed).toEqual({ ...entry, body: null });
    }
  });

  it('records only the beginning of a large callback that is not genuine', async () => {
    const { send, entries } = await start();
    await send(JSON.stringify({ sign: '0'.repeat(40), remark: 'x'.repeat(20_000) }));
    const [entry] = await entries(1);
    expect(entry).toMatchObject({ outcome: 'forged', isCut: true });
    expect(entry?.body).toHaveLength(8192);
  });
});
