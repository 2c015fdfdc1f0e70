import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createConsumer } from '../../src/consumer/index.ts';
import { paycools } from '../cli/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { SECRET, startTestService } from '../support/service.ts';
import { openTls } from '../support/topologies/open-tls.ts';
import { TcpProxy } from '../support/topologies/tcp-proxy.ts';
import type { Topology } from '../support/topologies/topology.ts';
import { until } from '../support/until.ts';

const NAMED_WITHIN_MS = 5000;

let topology: Topology;
beforeAll(async () => {
  topology = await openTls();
  return () => topology[Symbol.asyncDispose]();
});

/** The Redis of the suite has a port for TLS and one without. */
const mismatches = [
  {
    title: 'Redis requires TLS and REDIS_URL does not use it',
    url: () => topology.url.replace('rediss:', 'redis:'),
    sentence: /do not agree on TLS: Redis requires it, so REDIS_URL must begin with rediss:/,
  },
  {
    title: 'REDIS_URL uses TLS and Redis does not',
    url: () => `rediss://127.0.0.1:${topology.nodes[0]?.port}`,
    sentence: /do not agree on TLS: this Redis does not use it, so REDIS_URL must begin with redis:/,
  },
];

const firstWarning = (lines: readonly string[]): string | undefined => lines.find((line) => line.includes('"reasons"'));

describe('a consumer', () => {
  it.each(mismatches)('gives as the reason why it is not ready that $title', async ({ url, sentence }) => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => written.mockRestore());
    const consumer = createConsumer({ redis: url(), handlers: { payout: () => undefined } });
    onTestFinished(() => consumer.close());
    await expect(consumer.ready({ timeoutMs: 1500 })).rejects.toThrow(sentence);
    const isWritten = async (): Promise<boolean> => sentence.test(written.mock.calls.join('\n'));
    await until(isWritten, { what: 'the cause is on stderr', timeoutMs: NAMED_WITHIN_MS });
  });
});

describe('the command line', () => {
  it.each(mismatches)('reports that $title', async ({ url, sentence }) => {
    const env = { REDIS_URL: url(), PAYCOOLS_CALLBACK_SECRET: SECRET };
    for (const words of [
      ['failed', 'list'],
      ['reconcile', '--from', 'today'],
    ])
      expect(await paycools(words, { env })).toMatchObject({ code: 1, err: expect.stringMatching(sentence) });
  });
});

describe('the service', () => {
  it.each(mismatches)('reports in /readyz and in its first warning that $title', async ({ url, sentence }) => {
    const begun = performance.now();
    const service = await startTestService({ env: { REDIS_URL: url() }, waitsForReady: false });
    const isNamed = async (): Promise<boolean> => sentence.test(await (await fetch(`${service.opsUrl}/readyz`)).text());
    await until(isNamed, { what: 'the cause is named', timeoutMs: NAMED_WITHIN_MS });
    expect(performance.now() - begun).toBeLessThan(NAMED_WITHIN_MS);
    expect(firstWarning(service.logLines)).toMatch(sentence);
  });

  it('does not blame TLS for a Redis that was reached before', async () => {
    const proxy = disposeWithTest(await TcpProxy.start(topology.nodes[0]?.port ?? 0));
    const service = await startTestService({ env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } });
    await proxy[Symbol.asyncDispose]();
    const isNamed = async (): Promise<boolean> => (await fetch(`${service.opsUrl}/readyz`)).status === 503;
    await until(isNamed, { what: 'the service is not ready', timeoutMs: NAMED_WITHIN_MS });
    expect(firstWarning(service.logLines)).toMatch(/Redis was lost|refused the connection/);
  });
});
