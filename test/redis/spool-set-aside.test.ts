import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { postPayout } from '../support/callback.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { RedisNode } from '../support/topologies/redis-node.ts';
import { until } from '../support/until.ts';

const BAD = 'D7';

describe('a spooled callback that Redis refuses', () => {
  it('does not delay others, is set aside within 30 seconds, and is reported', async () => {
    const node = disposeWithTest(await RedisNode.start({ dataDir: temporaryFolder(), port: await freePort() }));
    const service = await startTestService({
      env: { REDIS_URL: `redis://127.0.0.1:${node.port}`, SPOOL_DIR: temporaryFolder() },
    });
    const { namespace, publicUrl, opsUrl, logLines } = service;
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${opsUrl}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
    };
    const send = (transactionId: string) => postPayout(publicUrl, { transactionId, mchOrderId: `M-${transactionId}` });
    const key = `${namespace.prefix}:ledger:default:transaction:${BAD}`;
    await node.admin.sadd(key, 'foreign');
    await node.stop();
    for (let index = 5; index < 12; index += 1) expect(await send(`D${index}`)).toMatchObject({ status: 200 });
    await node.start();
    const queued = async () => {
      const events = await waitingEvents({ ...namespace, redis: node.admin }, 'payout');
      return events.map(({ subject }) => subject).toSorted();
    };
    await expect.poll(queued, { timeout: 8000 }).toEqual(['D10', 'D11', 'D5', 'D6', 'D8', 'D9']);
    expect(await send('D12')).toMatchObject({ status: 200 });
    const isSetAside = async () => (await metric('paycools_spool_set_aside')) === 1;
    await until(isSetAside, { what: 'it is set aside', timeoutMs: 30_000 });
    expect(await metric('paycools_spool_events')).toBe(0);
    expect(logLines.join('')).toContain('was set aside in the spool');
    const findings = () => waitingEvents({ ...namespace, redis: node.admin }, 'findings');
    await until(async () => (await findings()).length === 1, { what: 'it is reported', timeoutMs: 5000 });
    expect(await findings()).toMatchObject([
      { type: 'com.paycools.finding.set-aside', data: { kind: 'set-aside', transactionId: BAD } },
    ]);
  }, 60_000);
});
