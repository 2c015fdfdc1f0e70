import { describe, expect, it } from 'vitest';
import { openSpool } from '../../src/spool/open-spool.ts';
import { startConsole } from '../console/support.ts';
import { payoutFields, sign } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const SHARED = 'token-of-the-operators-not-real';
const ANA = 'token-of-ana-alone-not-real-either';

const bodyOf = (index: number): string =>
  sign(payoutFields({ transactionId: `D${index}`, mchOrderId: `M-${index}`, amount: 12_300 + index }));

/** The folder of a spool in which two callbacks are set aside, with the ids 1 and 2. */
const spoolWithTwo = async (): Promise<string> => {
  const dir = temporaryFolder();
  const opened = openSpool(dir, 1_000_000);
  if (!opened.ok) throw new Error(opened.error);
  const spool = opened.value;
  for (const index of [1, 2]) {
    const callback = { merchant: 'default', product: 'payout', receivedAt: 1_790_000_000_000 };
    await spool.append({ ...callback, body: Buffer.from(bodyOf(index)) }, `${index}`);
  }
  for (const entry of spool.listWaiting(0, 10)) spool.setAside(entry, 1_790_000_060_000, 'ReplyError: WRONGTYPE');
  spool[Symbol.dispose]();
  return dir;
};

/** A receiver with this spool, and a command line for it. */
const startWithTwo = async (access: Readonly<Record<string, string>> = {}) => {
  const dir = await spoolWithTwo();
  const receiver = await startConsole({ SPOOL_DIR: dir, ...access });
  const { hostname, port } = new URL(receiver.opsUrl);
  const env = { OPS_HOST: hostname, OPS_PORT: port, USER: 'juan', ...access };
  const [queue, findings] = [openQueue(receiver.namespace, 'payout'), openQueue(receiver.namespace, 'findings')];
  const audit = async (): Promise<string> => (await receiver.get('/console/audit', bearer(access))).body;
  return {
    ...receiver,
    run: (words: readonly string[]) => paycools(['set-aside', ...words], { env }),
    audit,
    open: (count: number) =>
      until(async () => (await findings.getWaitingCount()) === count, {
        what: `${count} findings are open`,
        timeoutMs: 10_000,
      }),
    delivered: (count: number) =>
      until(async () => (await queue.getWaitingCount()) === count, { what: 'it is delivered', timeoutMs: 10_000 }),
  };
};

const bearer = ({ OPS_TOKEN }: Readonly<Record<string, string>>): Record<string, string> =>
  OPS_TOKEN === undefined ? {} : { authorization: `Bearer ${OPS_TOKEN}` };

describe('paycools set-aside', () => {
  it('lists callbacks that were set aside, and retries them under the name of the operator', async () => {
    const { run, audit, delivered, open } = await startWithTwo();
    await open(2);
    const listed = JSON.parse((await run(['list', '--json'])).out);
    expect(listed).toMatchObject([
      {
        seq: 1,
        merchantOrderId: 'M-1',
        transactionId: 'D1',
        amount: { minor: 12_301 },
        reason: 'ReplyError: WRONGTYPE',
      },
      { seq: 2, merchantOrderId: 'M-2', product: 'payout' },
    ]);
    expect(JSON.stringify(listed)).not.toContain(SECRET);
    const retried = await run(['retry', '1', '7', '--note', 'key repaired', '--json']);
    expect(retried).toMatchObject({ code: 1, err: expect.stringContaining('7: is not set aside here') });
    expect(JSON.parse(retried.out)).toEqual({ retried: 1, failed: 1 });
    await delivered(1);
    await open(1);
    expect(await run(['discard', '--all', '--as', 'ana'])).toMatchObject({ code: 0, out: '1 discarded, 0 failed\n' });
    expect(JSON.parse((await run(['list', '--json'])).out)).toEqual([]);
    await open(0);
    const page = await audit();
    for (const text of ['resolve-finding', 'stored after it had been set aside', 'discarded from the spool'])
      expect(page).toContain(text);
    for (const text of ['cli juan', 'retry-set-aside', 'key repaired', 'cli ana', 'discard-set-aside', 'D2'])
      expect(page).toContain(text);
  });

  it('records the owner of the token, whatever --as says, and is refused without a token', async () => {
    const { opsUrl, audit } = await startWithTwo({ OPS_TOKEN: SHARED, OPS_OPERATORS: `ana:${ANA}` });
    expect(await paycools(['set-aside', 'list', '--url', opsUrl])).toMatchObject({
      code: 1,
      err: expect.stringContaining('it requires a token'),
    });
    const headers = { authorization: `Bearer ${ANA}` };
    const body = new URLSearchParams({ verb: 'retry', seq: '1', as: 'somebody-else' });
    expect((await fetch(`${opsUrl}/console/spool.json`, { method: 'POST', headers, body })).status).toBe(200);
    const page = await audit();
    expect(page).toContain('console ana');
    expect(page).not.toContain('somebody-else');
  });

  it('changes nothing while Redis does not answer, because nothing could be audited', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1', SPOOL_DIR: await spoolWithTwo() };
    const { opsUrl } = await startTestService({ env, waitsForReady: false });
    const retried = await paycools(['set-aside', 'retry', '--all', '--url', opsUrl]);
    expect(retried).toMatchObject({ code: 1, err: expect.stringContaining('answered 503: Redis does not answer') });
    expect(JSON.parse((await paycools(['set-aside', 'list', '--url', opsUrl, '--json'])).out)).toHaveLength(2);
  });

  it.each([
    [['retry'], 2, 'name ids, or --all'],
    [['list', '--url', 'nowhere'], 2, '--url nowhere is not a URL'],
    [['list', '--url', 'http://127.0.0.1:1'], 1, 'no receiver answers at http://127.0.0.1:1'],
  ])('%s exits with %s', async (words, code, err) => {
    expect(await paycools(['set-aside', ...words])).toMatchObject({ code, err: expect.stringContaining(err) });
  });
});

describe('the console page of the spool', () => {
  it('is linked from the spool, and retries and discards after a confirmation', async () => {
    const { get, act, delivered } = await startWithTwo();
    expect((await get('/console')).body).toContain('<a href="/console/spool">See them …</a>');
    const page = (await get('/console/spool')).body;
    for (const text of ['M-1', 'M-2', 'ReplyError: WRONGTYPE', 'Retry all …']) expect(page).toContain(text);
    const question = (await get('/console/actions/retry-set-aside?seq=1')).body;
    for (const text of ['Retry 1 callback?', 'M-1', 'set aside: ReplyError: WRONGTYPE'])
      expect(question).toContain(text);
    expect(question).not.toContain('M-2');
    expect((await act('/console/actions/retry-set-aside', { seq: '1' })).body).toContain('1 done, 0 failed.');
    await delivered(1);
    expect((await act('/console/actions/discard-set-aside', { all: '1' })).body).toContain('order M-2');
    expect((await get('/console/spool')).body).toContain('Nothing is set aside');
  });
});
