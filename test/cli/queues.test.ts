import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { payoutFields, postPayout, sign } from '../support/callback.ts';
import { giveUp } from '../support/end-job.ts';
import { openNamespace } from '../support/namespace.ts';
import { openQueue, waitingEvents, waitingJobs } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { paycools } from './support.ts';

const start = async () => {
  const { publicUrl, namespace } = await startTestService();
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix };
  const send = (change: Record<string, unknown>) => postPayout(publicUrl, change);
  const command = (line: string) => paycools(line.split(' '), { env });
  return { namespace, send, command };
};

describe('paycools unrecognized', () => {
  it('lists callbacks that were not understood, and keeps those that still are not', async () => {
    const { send, command, namespace } = await start();
    await send({ eventName: 'disbursement.unheard' });
    const listed = await command('unrecognized list --json');
    const [row] = JSON.parse(listed.out) as Record<string, string>[];
    expect(row).toMatchObject({
      source: 'urn:paycools:default',
      product: 'payout',
      eventName: 'disbursement.unheard',
      reason: 'eventName: is not one that PayCools documents',
    });
    expect(await command(`unrecognized redrive ${row?.['id']}`)).toMatchObject({
      code: 1,
      out: '0 redriven, 1 failed\n',
    });
    expect(await waitingEvents(namespace, 'unrecognized')).toHaveLength(1);
  });

  it('puts a callback that is now understood on its queue, and no longer lists it', async () => {
    const { send, command, namespace } = await start();
    await send({ eventName: 'disbursement.unheard' });
    const queue = openQueue(namespace, 'unrecognized');
    const [job] = await queue.getJobs(['waiting']);
    const event = structuredClone(job?.data) as { data: { body: string } };
    event.data.body = sign(payoutFields()); // as if an upgrade understood what was kept
    await job?.updateData(event as never);
    expect(await command('unrecognized redrive --all --json')).toMatchObject({
      code: 0,
      out: '{\n  "redriven": 1,\n  "failed": 0\n}\n',
    });
    expect(await waitingEvents(namespace, 'unrecognized')).toEqual([]);
    expect(await waitingEvents(namespace, 'payout')).toMatchObject([{ type: 'com.paycools.payout.succeeded' }]);
  });

  it.each(['unrecognized redrive', 'unrecognized redrive evt_x --all'])(
    'requires either ids or --all: %s',
    async (line) => {
      const { command } = await start();
      expect(await command(line)).toMatchObject({ code: 2, err: 'name event ids, or --all\n' });
    },
  );

  it('says if there is nothing', async () => {
    const { command } = await start();
    expect(await command('unrecognized list')).toEqual({ code: 0, out: '', err: 'Nothing found.\n' });
    expect(await command('unrecognized redrive evt_none')).toMatchObject({ code: 1, err: 'no such event\n' });
  });

  it('says if Redis does not answer', async () => {
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await paycools(['failed', 'list'], { env })).toMatchObject({
      code: 1,
      err: 'Redis refused the connection: check that it runs, and the host and port of REDIS_URL.\n',
    });
  });
});

describe('paycools failed', () => {
  it('also lists events that could not be confirmed', async () => {
    const namespace = openNamespace();
    const { url, prefix, redis } = namespace;
    const queue = new Queue('{confirmation}', { connection: redis, prefix });
    await queue.add('com.paycools.payout.succeeded', {
      id: 'evt_1',
      type: 'com.paycools.payout.succeeded',
      subject: 'D1',
    });
    await giveUp(namespace, '{confirmation}');
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: url, QUEUE_PREFIX: prefix };
    expect((await paycools(['failed', 'list'], { env })).out).toMatch(/^evt_1 .* confirmation .* no such order\n$/);
    expect(await paycools(['failed', 'redrive', 'evt_1'], { env })).toMatchObject({ code: 0 });
    expect(await queue.getWaitingCount()).toBe(1);
    await queue.close();
  });

  it('lists events that workers gave up, and gives them to the workers again', async () => {
    const { send, command, namespace } = await start();
    await send({});
    await giveUp(namespace, '{payout}');
    const listed = await command('failed list');
    expect(listed.out).toMatch(
      /^evt_\w+ {2}\S+ {2}payout\.succeeded {2}payout {2}PHP 3125\.00 {2}CQPL\d+ {2}D\d+ {2}default {2}1 {2}no such order\n$/,
    );
    expect(await command('failed redrive --all')).toMatchObject({ code: 0, out: '1 redriven, 0 failed\n' });
    const [again] = await waitingJobs(namespace, 'payout');
    expect(again?.attemptsMade).toBe(0); // all of its attempts, not the last one once more
    expect((await command('failed list')).out).toBe('');
  });
});
