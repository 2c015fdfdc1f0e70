import { describe, expect, it } from 'vitest';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { serveHttp } from '../support/listen.ts';
import { waitingJobs } from '../support/queues.ts';
import { startServiceProcess } from '../support/service-process.ts';

/** A collector that refuses connections. */
const DOWN = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };

describe('a collector that is down', () => {
  it('neither slows nor fails callbacks, and does not delay the shutdown', async () => {
    const { publicUrl, stop, lines, namespace } = await startServiceProcess({ env: DOWN });
    const bodies = Array.from({ length: 50 }, (_, index) => sign(payoutFields({ transactionId: `D${index}` })));
    const answers = await Promise.all(bodies.map((body) => post(`${publicUrl}/callbacks/payout`, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const started = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(50);
    const slowest = lines
      .filter((line) => line.includes('"msg":"callback"'))
      .map((line) => JSON.parse(line).durationMs);
    expect(Math.max(...slowest)).toBeLessThan(1000);
  });

  it('is reported once, and so is its return', async () => {
    let status = 400;
    let refused = 0;
    const { url } = await serveHttp((request, response) => {
      refused += 1;
      request.resume().once('end', () => response.writeHead(status).end('hush'));
    });
    const { publicUrl, lines, line } = await startServiceProcess({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` },
    });
    const send = () => post(`${publicUrl}/callbacks/payout`, '{}');
    await expect.poll(async () => [await send(), refused >= 3].at(-1), { timeout: 10_000 }).toBe(true);
    status = 200;
    await send();
    await line(/traces can be sent again/);
    expect(lines.filter((text) => text.includes('traces cannot be sent'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('hush');
  });
});

describe('the packages of OpenTelemetry', () => {
  const nodeArgs = ['--import', './test/support/print-packages.ts'];
  const loaded = (lines: readonly string[]): string[] => [
    ...new Set(lines.filter((line) => line.startsWith('loaded '))),
  ];

  it('are not loaded without OTEL_EXPORTER_OTLP_ENDPOINT, except for the one of prom-client; jobs have no context', async () => {
    const { publicUrl, lines, stop, namespace } = await startServiceProcess({ nodeArgs });
    await postPayout(publicUrl);
    const [job] = await waitingJobs(namespace, 'payout');
    expect(job?.opts.telemetry).toBeUndefined();
    expect([await stop(), loaded(lines)]).toEqual([0, ['loaded @opentelemetry/api']]);
  });

  it('are loaded with it, so that the test above can fail', async () => {
    const { lines, stop } = await startServiceProcess({ env: DOWN, nodeArgs });
    expect(await stop()).toBe(0);
    expect(loaded(lines)).toContain('loaded @opentelemetry/sdk-trace');
  });
});
