import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payoutFields, post, sign } from '../support/callback.ts';
import { waitingJobs } from '../support/queues.ts';
import { startProcess } from '../support/traced-service.ts';

describe('a collector that is down', () => {
  it('slows and fails no callback, and does not hold up the end', async () => {
    const { publicUrl, stop, lines, namespace } = await startProcess({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    });
    const bodies = Array.from({ length: 50 }, (_, index) => sign(payoutFields({ transactionId: `D${index}` })));
    const answers = await Promise.all(bodies.map((body) => post(`${publicUrl}/callbacks/payout`, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const asked = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(await waitingJobs(namespace, 'payout')).toHaveLength(50);
    const slowest = lines
      .filter((line) => line.includes('"msg":"callback"'))
      .map((line) => JSON.parse(line).durationMs);
    expect(Math.max(...slowest)).toBeLessThan(1000);
  });

  it('is reported once, and its return once', async () => {
    let status = 400;
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(status).end('hush'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const { publicUrl, lines, line } = await startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` });
    const send = () => post(`${publicUrl}/callbacks/payout`, '{}');
    let refused = 0;
    server.on('request', () => {
      refused += 1;
    });
    await expect.poll(async () => [await send(), refused >= 3].at(-1), { timeout: 10_000 }).toBe(true);
    status = 200;
    await send();
    await line(/traces can be sent again/);
    expect(lines.filter((text) => text.includes('traces cannot be sent'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('hush');
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  const args = ['--import', './test/support/print-packages.ts'];
  const loaded = (lines: readonly string[]): string[] => [
    ...new Set(lines.filter((line) => line.startsWith('loaded '))),
  ];

  it('nothing of OpenTelemetry is loaded but what prom-client loads of it, and jobs carry no context', async () => {
    const { publicUrl, lines, stop, namespace } = await startProcess({}, args);
    await post(`${publicUrl}/callbacks/payout`, sign(payoutFields()));
    const [job] = await waitingJobs(namespace, 'payout');
    expect(job?.opts.telemetry).toBeUndefined();
    expect([await stop(), loaded(lines)]).toEqual([0, ['loaded @opentelemetry/api']]);
  });

  it('is what that look would miss nothing of: with it, the rest is loaded', async () => {
    const { lines, stop } = await startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, args);
    expect(await stop()).toBe(0);
    expect(loaded(lines)).toContain('loaded @opentelemetry/sdk-trace');
  });
});
