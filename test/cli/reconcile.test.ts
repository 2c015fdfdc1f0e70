import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from '../support/namespace.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET } from '../support/service.ts';
import { paycools, type RunOptions } from './support.ts';

const today = dayOf(Date.now(), 'Asia/Manila');
const days = ['--from', today, '--to', today];

/** A payout whose callback never arrived. */
const start = async () => {
  const namespace = openNamespace();
  const sandbox = disposeWithTest(await sandboxWith());
  await clientOf(sandbox.url).payout.create(payoutOf(20_000));
  await sandbox.settled();
  const env = {
    PAYCOOLS_CALLBACK_SECRET: SECRET,
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    ...apiEnv(sandbox.url),
  };
  const reconcile = (words: readonly string[], options: RunOptions = {}) =>
    paycools(['reconcile', ...days, ...words], { env, ...options });
  return { namespace, env, reconcile };
};

it('first only shows missing events, then emits them, then finds nothing new', async () => {
  const { namespace, reconcile } = await start();
  const dry = await reconcile([]);
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toContain(
    `default, ${today} to ${today} (Asia/Manila)\n1 row, 0 matched, 0 emitted, 1 finding\nA dry run`,
  );
  expect(dry.out).toMatch(/missing +payout/);
  expect(await waitingEvents(namespace, 'payout')).toEqual([]);

  const applied = await reconcile(['--apply', '--json']);
  expect(JSON.parse(applied.out)).toMatchObject({ window: { from: today, to: today }, emitted: 1, findings: [] });
  expect(await waitingEvents(namespace, 'payout')).toMatchObject([{ origin: 'reconciliation' }]);

  expect(JSON.parse((await reconcile(['--apply', '--json'])).out)).toMatchObject({ matched: 1, emitted: 0 });
  expect(await waitingEvents(namespace, 'payout')).toHaveLength(1);
});

it('writes its results as CSV and shows its progress on a terminal only', async () => {
  const { reconcile } = await start();
  const csv = join(temporaryFolder(), 'findings.csv');
  const { err } = await reconcile(['--csv', csv], { isTerminal: true });
  expect(err).toMatch(/\r\d+ of \d+ steps/);
  const [head, ...lines] = readFileSync(csv, 'utf8').trimEnd().split(/\r?\n/);
  expect(head).toMatch(/^kind,product,transactionId/);
  expect(lines).toEqual([expect.stringMatching(/^missing,payout,/)]);
});

it('says what is wrong with its options and configuration', async () => {
  const { env } = await start();
  const run = (words: readonly string[], changed: Record<string, string> = env) =>
    paycools(['reconcile', ...words], { env: changed });
  expect(await run([])).toMatchObject({ code: 2, err: expect.stringContaining("--from <date>' not specified") });
  const backwards = await run(['--from', '2026-05-02', '--to', '2026-05-01']);
  expect(backwards).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('the first day is after the last'),
  });
  expect(backwards.err).not.toContain('    at ');
  const { PAYCOOLS_BASE_URL: _1, PAYCOOLS_APP_ID: _2, PAYCOOLS_PRIVATE_KEY: _3, ...without } = env;
  const noApi = await run(days, without);
  expect(noApi.code).toBe(1);
  expect(noApi.err).toContain('PAYCOOLS_PRIVATE_KEY');
  const noRedis = await run(days, { ...env, REDIS_URL: 'redis://127.0.0.1:1' });
  expect(noRedis).toEqual({
    code: 1,
    out: '',
    err: 'Redis refused the connection: check that it runs, and the host and port of REDIS_URL.\n',
  });
  const { PAYCOOLS_CALLBACK_SECRET: _4, ...noSecret } = env;
  expect((await run(days, noSecret)).err).toContain('PAYCOOLS_CALLBACK_SECRET');
});

it('stops when asked to, and resumes where it stopped', async () => {
  const { reconcile } = await start();
  const stopped = await reconcile([], { stopped: Promise.resolve() });
  expect(stopped).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('run the same command again to resume'),
  });
  expect(await reconcile([])).toMatchObject({ code: 0 });
});
