import { describe, expect, it } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { complete, giveUp } from '../support/end-job.ts';
import { openQueue, waitingEvents, waitingJobs } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const start = async (change: Record<string, string> = {}) => {
  const { publicUrl, namespace } = await startTestService({ env: change });
  const env = {
    PAYCOOLS_CALLBACK_SECRET: SECRET,
    REDIS_URL: namespace.url,
    QUEUE_PREFIX: namespace.prefix,
    USER: 'ana',
    ...change,
  };
  const command = (line: string) => paycools(line.split(' '), { env });
  const send = async (body: string) => {
    const before = await listed();
    await post(`${publicUrl}/callbacks/payout`, body);
    await until(async () => (await listed()).length > before.length, { what: 'the journal has it', timeoutMs: 5000 });
  };
  const listed = async () => JSON.parse((await command('events list --json')).out) as Record<string, string>[];
  return { namespace, send, command };
};

const genuine = sign(payoutFields({ transactionId: 'D1' }));

describe('paycools events list', () => {
  it('lists received callbacks, newest first', async () => {
    const { send, command } = await start();
    await send(genuine);
    await send(genuine.replace('312500', '912500'));
    const { code, out } = await command('events list');
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^\S+Z {2}forged {2}payout {2}PHP 9125\.00 {2}CQPL\d+ {2}D1 {2}default {2}0 {2}401 {2}suspect-\d+-0$/,
    );
    expect(lines[1]).toMatch(
      /^\S+Z {2}accepted {2}payout\.succeeded {2}PHP 3125\.00 {2}CQPL\d+ {2}D1 {2}default {2}0 {2}200 {2}genuine-\d+-0$/,
    );
  });

  it('filters by id and by outcome', async () => {
    const { send, command } = await start();
    await send(genuine);
    await send(sign(payoutFields({ transactionId: 'D2' })));
    expect(JSON.parse((await command('events list --id D1 --json')).out)).toMatchObject([{ transactionId: 'D1' }]);
    expect((await command('events list --outcome forged')).err).toMatch(
      /^Nothing found: the journal reaches back to \S+Z\.\n$/,
    );
  });

  it.each(['events list --outcome great', 'events list --limit 0'])('refuses %s', async (line) => {
    const { command } = await start();
    const { code, err } = await command(line);
    expect(code).toBe(2);
    expect(err).toMatch(/^--(outcome must be one of accepted, .*|limit must be an integer from 1 to 10000)\n$/);
  });
});

describe('paycools events show', () => {
  it('shows a genuine callback with its verification, event, job and body', async () => {
    const { send, command } = await start();
    await send(genuine);
    const { out } = await command('events show D1');
    for (const part of [/ accepted \(200\)\n/, /given sign: [0-9a-f]{40}/, /waiting on \{payout\}, 0 attempts/]) {
      expect(out).toMatch(part);
    }
    expect(out).toContain(genuine);
    const { event, job, verification } = JSON.parse((await command('events show D1 --json')).out);
    expect(event).toMatchObject({ type: 'com.paycools.payout.succeeded', subject: 'D1' });
    expect(job).toMatchObject({ queue: 'payout', state: 'waiting' });
    expect(verification).toMatchObject({ isGenuine: true, scheme: 'sha1-secret' });
  });

  it('says what is probably wrong with a forged one without revealing a secret', async () => {
    const { send, command } = await start();
    await send(sign(payoutFields(), 'another secret'));
    const { entry } = { entry: await command('events list --outcome forged --json') };
    const [row] = JSON.parse(entry.out) as { id: string }[];
    const { out } = await command(`events show ${row?.id}`);
    expect(out).toMatch(/likely mistake: another secret/);
    expect(out).not.toContain(SECRET);
  });

  it('rebuilds the event if its job is gone', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    const [event] = await waitingEvents(namespace, 'payout');
    await openQueue(namespace, 'payout').obliterate();
    const shown = JSON.parse((await command('events show D1 --json')).out) as Record<string, unknown>;
    expect(shown).toMatchObject({ event, job: null });
  });

  it('says if a body was encrypted with a different key', async () => {
    const { send, command } = await start({ JOURNAL_KEY: 'the key of the service, 32 characters' });
    await send(genuine);
    expect((await command('events show D1')).out).toContain(genuine);
    const other = await start({ JOURNAL_KEY: 'the key of the service, 32 characters' });
    await other.send(genuine);
    const env = {
      PAYCOOLS_CALLBACK_SECRET: SECRET,
      REDIS_URL: other.namespace.url,
      QUEUE_PREFIX: other.namespace.prefix,
    };
    const { out } = await paycools(['events', 'show', 'D1'], { env });
    expect(out).toMatch(/body\n {2}encrypted with a different JOURNAL_KEY\n$/);
  });

  it('says if there is no such callback', async () => {
    const { command } = await start();
    expect(await command('events show D9')).toMatchObject({ code: 1, err: 'D9 is not in the journal\n' });
  });
});

describe('paycools events replay', () => {
  it('does nothing while the event still waits', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    const replayed = await command('events replay D1');
    expect(replayed).toMatchObject({ code: 0, out: '1 done, 0 failed\n' });
    expect(replayed.err).toBe('D1: is still waiting on {payout}: nothing to do\n');
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('puts an event whose job is gone back on its queue, with the same id, once', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    const [event] = await waitingEvents(namespace, 'payout');
    const [job] = await waitingJobs(namespace, 'payout');
    await job?.remove();
    for (const _ of [1, 2]) await command('events replay D1');
    expect(await waitingEvents(namespace, 'payout')).toEqual([event]);
  });

  it('puts an event back on its queue each time after it was handled', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    const events = await waitingEvents(namespace, 'payout');
    for (const _ of [1, 2]) {
      await complete(namespace, '{payout}');
      expect((await command('events replay D1')).err).toBe('D1: is back on {payout}\n');
      expect(await waitingEvents(namespace, 'payout')).toEqual(events);
    }
  });

  it('gives workers an event again that they had given up', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    await giveUp(namespace, '{payout}');
    expect((await command('events replay D1')).err).toBe('D1: had used up its attempts; it is back on {payout}\n');
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('never replays a forged callback, or one that contradicts the delivered event', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    await send(sign(payoutFields({ transactionId: 'D1', amount: 1 })));
    await send(genuine.replace('312500', '912500'));
    const [forged] = JSON.parse((await command('events list --outcome forged --json')).out) as { id: string }[];
    const [conflicting] = JSON.parse((await command('events list --outcome conflicting --json')).out) as {
      id: string;
    }[];
    const { code, err, out } = await command(`events replay ${forged?.id} ${conflicting?.id} D9 --json`);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ isDone: false }, { isDone: false }, { isDone: false }]);
    expect(err).toMatch(
      /was forged: nothing proves that PayCools sent it\n.*replay the first callback\n.*is not in the journal\n/,
    );
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('is audited', async () => {
    const { send, command, namespace } = await start();
    await send(genuine);
    await command('events replay D1');
    const [[, fields = []] = []] = await namespace.redis.xrange(`${namespace.prefix}:audit`, '-', '+');
    expect(JSON.parse(fields[1] ?? '')).toMatchObject({ actor: 'cli ana', action: 'replay', id: 'D1', isDone: true });
  });
});
