import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { startTestService } from '../support/service.ts';

type Documented = { readonly name: string; readonly type: string; readonly labels: string[]; readonly help: string };

/** The rows of the table in docs/metrics.md. */
const documented = (): Documented[] =>
  [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map(
    ([, name = '', type = '', labels = '', help = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
      help,
    }),
  );

/** The metrics that `/metrics` lists. */
const printed = (text: string): Omit<Documented, 'labels'>[] =>
  [...text.matchAll(/^# HELP (paycools_\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help = '', type = '']) => ({
    name,
    type,
    help,
  }));

/** Names of the labels of a metric as exported, without those of a histogram's buckets. */
const labelsOf = (text: string, name: string): string[] => {
  const series = new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm');
  const labels = [...text.matchAll(series)].flatMap(([, pairs = '']) => [...pairs.matchAll(/(\w+)="/g)]);
  return [...new Set(labels.map(([, label = '']) => label))].filter((label) => label !== 'le');
};

const seriesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('paycools_') ? [line.replace(/ [^ ]+$/, '')] : []));

const start = async () => {
  const { publicUrl, opsUrl } = await startTestService();
  const metrics = async (): Promise<string> => (await fetch(`${opsUrl}/metrics`)).text();
  return { publicUrl, metrics };
};

describe('/metrics', () => {
  it('exports exactly the metrics of docs/metrics.md', async () => {
    const { metrics } = await start();
    const rows = documented().map(({ name, type, help }) => ({ name, type, help }));
    expect(rows.length).toBeGreaterThan(10);
    expect(printed(await metrics()).toSorted(byName)).toEqual(rows.toSorted(byName));
  });

  it('has the labels of docs/metrics.md', async () => {
    const { publicUrl, metrics } = await start();
    await postPayout(publicUrl);
    const text = await metrics();
    const used = documented().filter(({ name }) => labelsOf(text, name).length > 0);
    expect(used.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['paycools_callbacks_total', 'paycools_callback_duration_seconds', 'paycools_key_info']),
    );
    expect(used.map(({ name }) => [name, labelsOf(text, name)])).toEqual(
      used.map(({ name, labels }) => [name, labels]),
    );
  });

  it('does not grow with what strangers send', async () => {
    const { publicUrl, metrics } = await start();
    const send = (name: string): Promise<unknown>[] => [
      post(`${publicUrl}/merchants/${name}/callbacks/payout`, sign(payoutFields())),
      post(`${publicUrl}/merchants/default/callbacks/${name}`, sign(payoutFields())),
      postPayout(publicUrl, { eventName: name, transactionId: name }),
      post(`${publicUrl}/callbacks`, sign(payoutFields({ eventName: name, product: name, merchant: name }), name)),
      post(`${publicUrl}/${name}`, name),
    ];
    await Promise.all(send('first'));
    const before = seriesOf(await metrics());
    await Promise.all(Array.from({ length: 100 }, (_, index) => send(`other-${index}`)).flat());
    expect(seriesOf(await metrics()).toSorted()).toEqual(before.toSorted());
  });
});

const byName = (one: { name: string }, other: { name: string }): number => one.name.localeCompare(other.name);
