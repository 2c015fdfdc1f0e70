import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { runService } from '../support/process.ts';
import { waitingJobs } from '../support/queues.ts';
import { startServiceProcess } from '../support/service-process.ts';

const genuine = sign(payoutFields());

/** Sends the head of a callback and the start of its body, and waits until the service has begun to read it. */
const sendHalf = async (publicUrl: string) => {
  const socket = connect(Number(new URL(publicUrl).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (data) => chunks.push(data));
  socket.write(
    `POST /callbacks/payout HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${genuine.length}\r\n\r\n`,
  );
  socket.write(genuine.slice(0, 30));
  await once(socket, 'connect');
  await post(`${publicUrl}/callbacks/payout`, '{}'); // its reply comes after the service has seen the first half
  return { socket, received: () => Buffer.concat(chunks).toString() };
};

describe('the process of the service', () => {
  it('reports every configuration problem by name and without values, and exits with 1', async () => {
    const service = runService({ PAYCOOLS_CALLBACK_SECRET: '  ', PORT: 'hush', REDIS_URL: 'hush' });
    expect(await service.ended).toBe(1);
    expect(service.lines).toEqual([
      'The configuration is not usable:',
      '  PAYCOOLS_CALLBACK_SECRET must not be blank',
      expect.stringMatching(/^ {2}REDIS_URL must be a URL such as redis:\/\/host:6379, /),
      '  PORT must be an integer from 0 to 65535',
      'Every variable is in .env.example.',
    ]);
  });

  it('names the port that is in use and exits with 1', async () => {
    const { publicUrl, env } = await startServiceProcess();
    const second = runService({ ...env, PORT: new URL(publicUrl).port });
    expect(await second.ended).toBe(1);
    const { level, msg } = JSON.parse(second.lines.at(-1) ?? '');
    expect([level, msg]).toEqual([
      'fatal',
      `could not start: ${new URL(publicUrl).host} is in use by another program: stop it, or change PORT.`,
    ]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes requests in flight at %s, then exits with 0', async (signal) => {
    const { child, ended, line, publicUrl, opsUrl, namespace } = await startServiceProcess();
    const { socket, received } = await sendHalf(publicUrl);
    child.kill(signal);
    await line(/"msg":"stopping"/);
    const readiness = await fetch(`${opsUrl}/readyz`);
    expect([readiness.status, await readiness.json()]).toEqual([503, { status: 'stopping', reasons: {} }]);
    socket.write(genuine.slice(30));
    expect(await ended).toBe(0);
    expect(received()).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(1);
  });

  it('exits with 0 in time when a client takes longer than SHUTDOWN_TIMEOUT_MS', async () => {
    const { stop, publicUrl } = await startServiceProcess({ env: { SHUTDOWN_TIMEOUT_MS: '300' } });
    await sendHalf(publicUrl);
    const started = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(300 + 1000);
  });

  it('exits at once at a second SIGTERM', async () => {
    const { child, ended, line, publicUrl } = await startServiceProcess();
    await sendHalf(publicUrl);
    child.kill('SIGTERM');
    await line(/"msg":"stopping"/);
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('keeps working and exits with 0 when nobody reads its log any more', async () => {
    const { child, publicUrl } = await startServiceProcess();
    child.stdout?.destroy();
    expect(await post(`${publicUrl}/callbacks/payout`, genuine)).toMatchObject({ status: 200 });
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('keeps every acknowledged callback when it is killed', async () => {
    const { child, ended, publicUrl, namespace } = await startServiceProcess();
    const bodies = Array.from({ length: 20 }, (_, index) => sign(payoutFields({ transactionId: `D${index}` })));
    const answers = await Promise.all(bodies.map((body) => post(`${publicUrl}/callbacks/payout`, body)));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(20);
  });
});
