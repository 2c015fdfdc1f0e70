import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { apiEnv, clientOf, payoutOf, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openQueue } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';

const api = (baseUrl: string) => ({
  ...apiEnv(baseUrl),
  RECONCILE_SCHEDULE: '15 3 * * *',
  RECONCILE_RATE: '1000',
});

const start = async (options: Partial<SandboxOptions> = {}, env: Record<string, string> = {}) => {
  const sandbox = disposeWithTest(await sandboxWith({ callbackSecret: SECRET, ...options }));
  const service = await startTestService({ env: { ...api(sandbox.url), ...env } });
  return { sandbox, service, client: clientOf(sandbox.url), queue: openQueue(service.namespace, 'reconciliation') };
};

/** Adds the job that the scheduler adds at each tick. */
const tick = (queue: Queue) => queue.add('schedule', {});

const soon = (isSo: () => Promise<boolean>, what: string): Promise<void> => until(isSo, { what, timeoutMs: 15_000 });

const metricsOf = async (opsUrl: string): Promise<string> => (await fetch(`${opsUrl}/metrics`)).text();

describe('the schedule', () => {
  it('is a single one in Redis for all replicas, and is removed with the setting', async () => {
    const { service, queue } = await start();
    await soon(async () => (await queue.getJobSchedulersCount()) === 1, 'the schedule is in Redis');
    expect(await queue.getJobSchedulers()).toMatchObject([
      { key: 'schedule', pattern: '15 3 * * *', tz: 'Asia/Manila' },
    ]);
    await startTestService({ env: { QUEUE_PREFIX: service.namespace.prefix, RECONCILE_SCHEDULE: '' } });
    await soon(async () => (await queue.getJobSchedulersCount()) === 0, 'the schedule is removed');
  });

  it('emits and counts missing events, and its success is known to a service that starts later', async () => {
    const { service, client, queue } = await start();
    await client.payout.create(payoutOf(20_000)); // without an address, no callback is sent
    await tick(queue);
    const payouts = openQueue(service.namespace, 'payout');
    await soon(async () => (await payouts.getWaitingCount()) === 1, 'the missing event is emitted');
    await soon(
      async () => /runs_total\{outcome="succeeded"\} 1/.test(await metricsOf(service.opsUrl)),
      'the run is counted',
    );
    const metrics = await metricsOf(service.opsUrl);
    expect(metrics).toMatch(/paycools_reconciliation_last_success_timestamp_seconds 1\d{9}/);
    expect(metrics).toMatch(/paycools_client_requests_total\{endpoint="account.payoutStatement",outcome="ok"\} \d/);
    expect(metrics).toMatch(/paycools_client_request_duration_seconds_count \d/);
    const second = await startTestService({ env: { QUEUE_PREFIX: service.namespace.prefix } });
    await soon(
      async () => /last_success_timestamp_seconds 1\d{9}/.test(await metricsOf(second.opsUrl)),
      'the later service knows of it',
    );
    const [done] = (await queue.getCompleted()).filter(({ name }) => name === 'run');
    expect(done?.returnvalue).toMatchObject({ merchant: 'default', emitted: 1, rows: 1 });
  });

  it('keeps a failed run on the queue for a retry, and logs it', async () => {
    const { service, queue } = await start({ appId: 'another' });
    await tick(queue);
    await soon(async () => (await queue.getDelayed()).some(({ name }) => name === 'run'), 'the failed run waits');
    const [failed] = (await queue.getDelayed()).filter(({ name }) => name === 'run');
    expect(failed?.failedReason).toContain('PayCools replied 1001');
    expect(await metricsOf(service.opsUrl)).toMatch(/runs_total\{outcome="failed"\} 1/);
    expect(service.logLines.join('')).toContain('the reconciliation failed');
    expect(service.logLines.join('')).not.toContain('PRIVATE KEY');
  });

  it('skips merchants without API settings', async () => {
    const path = join(temporaryFolder(), 'merchants.json');
    writeFileSync(path, JSON.stringify({ quiet: { PAYCOOLS_CALLBACK_SECRET: 'another' } }));
    const { queue } = await start({}, { MERCHANTS_FILE: path });
    await tick(queue);
    const completed = async (name: string) => (await queue.getCompleted()).filter((job) => job.name === name);
    await soon(async () => (await completed('run')).length === 1, 'the run has ended');
    expect((await completed('schedule'))[0]?.returnvalue).toEqual(['default']);
    expect((await completed('run'))[0]?.returnvalue).toMatchObject({ merchant: 'default' });
  });
});
