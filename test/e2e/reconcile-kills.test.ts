import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { dayOf } from '../../src/core/day.ts';
import { createRandom, type Random } from '../faults/suite/random.ts';
import { type Fake, startFake } from '../reconcile/fake-paycools.ts';
import { openPorts } from '../reconcile/fake-stage.ts';
import {
  expectedOf,
  idOf,
  listedOf,
  type Payout,
  paycoolsStates,
  queryReply,
  receive,
  receivedStates,
} from '../reconcile/model.ts';
import { readerOf } from '../support/journal.ts';
import { openNamespace } from '../support/namespace.ts';
import type { RunningProcess } from '../support/process.ts';
import { waitingEvents } from '../support/queues.ts';
import { removeLock, startReconcile } from './reconcile-process.ts';

// `npm run test:kills` sets KILLS for a long run. KILLS_SEED repeats a run whose seed was printed.
const KILLS = Number(process.env['KILLS'] ?? 3);
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 1_000_000);
const KILLS_PER_WORLD = 10;
const PAYOUTS = 24;
const MAX_DELAY_MS = 40;

const today = dayOf(Date.now(), 'Asia/Manila');

/** Kills the process a moment after its n-th request to PayCools, unless it ends before. */
const killAt = async ({ child, ended }: RunningProcess, { requests }: Fake, random: Random): Promise<void> => {
  const target = requests.length + random.between(1, 40);
  const delay = random.between(0, MAX_DELAY_MS);
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && requests.length < target) await sleep(1);
  await sleep(delay);
  child.kill('SIGKILL');
  await ended;
};

const worldOf = (random: Random): readonly Payout[] =>
  Array.from({ length: PAYOUTS }, () => ({
    paycools: random.pick(paycoolsStates),
    received: random.pick(receivedStates),
  }));

/** Kills reconciliations at random moments, lets the last one finish, and compares the result with the model. */
const tryWorld = async (random: Random, kills: number): Promise<void> => {
  const payouts = worldOf(random);
  const namespace = openNamespace();
  const fake = await startFake({
    day: today,
    onQuery: (path, query) =>
      path === '/api/v1/payout/check' ? queryReply(payouts, query.get('mchOrderId')) : undefined,
  });
  fake.statements.payout.push(...payouts.map(listedOf));
  const ports = openPorts(namespace);
  for (const [index, payout] of payouts.entries()) await receive(ports, payout, index);
  const env = { RECONCILE_RATE: '200', RECONCILE_DEPTH: 'statements' };
  const reconcile = () => startReconcile({ namespace, baseUrl: fake.url, day: today, env });
  const before = (await waitingEvents(namespace, 'payout')).map(({ id }) => id);
  for (let kill = 0; kill < kills; kill += 1) {
    await killAt(reconcile(), fake, random);
    await removeLock(namespace);
  }
  const last = reconcile();
  expect([await last.ended, last.lines.join('\n')]).toEqual([0, expect.stringContaining('"incomplete": false')]);
  const expected = payouts.map((_, index) => idOf(index)).filter((_, at) => isEmitted(payouts[at]));
  const events = (await waitingEvents(namespace, 'payout')).filter(({ id }) => !before.includes(id));
  expect(events.map(({ subject }) => subject).sort()).toEqual(expected); // each of them, once
  const { entries } = await readerOf(namespace).list({ limit: 1000 });
  const recorded = new Set(entries.map(({ event }) => event?.transactionId));
  expect(expected.filter((id) => !recorded.has(id))).toEqual([]);
  const report = JSON.parse(last.lines.join('\n'));
  expect(report.emitted + report.matched).toBe(payouts.filter(isClear).length);
};

const isEmitted = (payout: Payout | undefined): boolean => payout !== undefined && expectedOf(payout) === 'emitted';
const isClear = (payout: Payout): boolean => ['emitted', 'matched'].includes(expectedOf(payout));

it(
  `a reconciliation killed ${KILLS} times at random emits everything once (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED);
    for (let done = 0; done < KILLS; done += KILLS_PER_WORLD) {
      await tryWorld(random, Math.min(KILLS_PER_WORLD, KILLS - done));
    }
  },
  60_000 + KILLS * 20_000,
);
