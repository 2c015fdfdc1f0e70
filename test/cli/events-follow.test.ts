import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { paycools } from './support.ts';

const start = async () => {
  const { publicUrl, namespace } = await startTestService();
  const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix };
  const send = (change: Record<string, unknown>) => postPayout(publicUrl, change);
  const command = (...words: string[]) => paycools(words, { env });
  const known = (id: string) =>
    until(async () => (await command('events', 'list', '--id', id)).out !== '', {
      what: `${id} is known`,
      timeoutMs: 5000,
    });
  return { env, send, command, known };
};

describe('paycools events list --follow', () => {
  it('shows matching entries, then new ones as they arrive, until Ctrl-C', async () => {
    const { env, send, known } = await start();
    await send({ transactionId: 'PAY1', mchOrderId: 'OLD-1' });
    await known('PAY1');
    const words = ['src/cli/main.ts', 'events', 'list', '--follow', '--id', 'pay']; // no request id starts with it, because these are hexadecimal
    const following = run({ command: process.execPath, args: words, env });
    expect(await following.line(/ {2}PAY1 {2}/)).toMatch(/accepted {2}payout\.succeeded {2}PHP 3125\.00 {2}OLD-1/);
    await send({ transactionId: 'E1', mchOrderId: 'OTHER-1' });
    await send({ transactionId: 'PAY2', mchOrderId: 'NEW-1' });
    expect(await following.line(/ {2}PAY2 {2}/)).toMatch(/accepted {2}payout\.succeeded {2}PHP 3125\.00 {2}NEW-1/);
    following.child.kill('SIGINT');
    expect(await following.ended).toBe(0);
    expect(following.lines.filter((line) => line.includes('E1'))).toEqual([]);
  }, 30_000);
});

describe('paycools events list --csv', () => {
  it('writes a header and a row for each entry, to stdout or to a file', async () => {
    const { send, command, known } = await start();
    await send({ transactionId: 'D1', mchOrderId: '=1+1,"x"' });
    await known('D1');
    const { out } = await command('events', 'list', '--csv');
    const [header = '', row = ''] = out.split(/\r?\n/);
    expect(header).toMatch(/(^|,)receivedAt,.*merchantOrderId,/);
    expect(row).toContain('D1');
    expect(row).toContain(`"'=1+1,""x"""`); // a table program would compute it otherwise
    const file = join(temporaryFolder(), 'events.csv');
    expect(await command('events', 'list', '--csv', file)).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file, 'utf8')).toBe(out);
  });
});
