import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';
import { startConsole } from './support.ts';

/** Opens the stream of a page and collects its text. */
const follow = async (url: string) => {
  const outgoing = request(url, { agent: false });
  outgoing.on('error', () => undefined);
  outgoing.end();
  onTestFinished(() => {
    outgoing.destroy();
  });
  const [answer] = await once(outgoing, 'response');
  const seen = { text: '' };
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    seen.text += chunk;
  });
  answer.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => answer.once('close', resolve));
  const says = (expected: string) =>
    until(async () => seen.text.includes(expected), { what: `the stream contains ${expected}`, timeoutMs: 10_000 });
  return { status: answer.statusCode as number, headers: answer.headers, seen, says, ended };
};

describe('/console/live', () => {
  it('sends new callbacks and the requested parts', async () => {
    const { opsUrl, send } = await startConsole();
    await send({ mchOrderId: 'D-before' });
    const { status, headers, says, seen } = await follow(`${opsUrl}/console/live?show=feed,queues,nonsense`);
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
    await says('D-before');
    await send({ mchOrderId: 'D-after' });
    await says('D-after');
    await says('event: queues');
    expect(seen.text).not.toContain('event: chart');
  });

  it('sends one message for many callbacks, with their count', async () => {
    const { opsUrl, send } = await startConsole();
    const { seen, says } = await follow(`${opsUrl}/console/live?show=feed`);
    await says('event: feed');
    await Promise.all(Array.from({ length: 200 }, (_, index) => send({ transactionId: `D-${index}` })));
    const countSent = (): number =>
      [...seen.text.matchAll(/"count":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    await until(async () => countSent() === 200, { what: 'all callbacks are sent', timeoutMs: 10_000 });
    expect(seen.text.match(/event: feed/g)?.length).toBeLessThan(20);
    expect(seen.text.match(/data-id/g)?.length).toBeLessThan(20 * 50);
  });

  it('serves thirty pages, and answers 503 to the next', async () => {
    const { opsUrl } = await startConsole();
    const url = `${opsUrl}/console/live?show=health`;
    const pages = await Promise.all(Array.from({ length: 30 }, () => follow(url)));
    expect(pages.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    const next = await follow(url);
    expect([next.status, next.headers['retry-after']]).toEqual([503, '5']);
  });

  it('ends when the service stops, without delaying it', async () => {
    const service = await startConsole();
    const { says, ended } = await follow(`${service.opsUrl}/console/live?show=health`);
    await says('Ready');
    const started = performance.now();
    await service[Symbol.asyncDispose]();
    await ended;
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
