import { describe, expect, it } from 'vitest';
import { postPayout } from '../support/callback.ts';
import { waitingJobs } from '../support/queues.ts';
import { startTraced } from '../support/tracing.ts';

describe('a trace', () => {
  it.each([
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, 8],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0],
  ])('is sampled with its steps, or not at all: %j', async (env, spans) => {
    const { publicUrl, namespace, stop, collector } = await startTraced(env);
    for (let index = 0; index < 4; index += 1) await postPayout(publicUrl, { transactionId: `D${index}` });
    const jobs = await waitingJobs(namespace, 'payout');
    expect(await stop()).toBe(0);
    expect(collector.spans()).toHaveLength(spans);
    const flags = jobs.map(({ opts }) => JSON.parse(opts.telemetry?.metadata ?? '{}').traceparent?.slice(-2));
    expect(flags).toEqual(Array(4).fill(spans === 0 ? '00' : '01'));
  });
});
