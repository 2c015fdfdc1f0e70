import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { giveUp } from '../support/end-job.ts';
import { waitingEvents } from '../support/queues.ts';
import { startConsole, storeReport } from './support.ts';

const EVIL = `<script>alert(1)</script><img src=x onerror="alert(2)">`;

/** The target of the first link in a table. */
const firstLink = (page: string): string => /<td[^>]*><a href="([^"]+)"/.exec(page)?.[1] ?? '';

describe('the overview', () => {
  it('shows the latest callbacks, the last hour by outcome, and the queues', async () => {
    const { send, sendForged, page } = await startConsole();
    await send({ transactionId: 'D1' });
    await send({ transactionId: 'D1' });
    await sendForged();
    const body = await page('/console', 'forged</span>');
    expect(body).toContain('CQPL1653961082230623');
    expect(body).toContain('PHP 3,125.00');
    expect(body).toContain('3 callbacks in the last hour');
    expect(body).toMatch(/data-label="Waiting"[^>]*><span class="">1<\/span>/);
    expect(body).toContain('No spool is in use.');
    expect(body).toContain('Ready');
  });
});

describe('the search', () => {
  it.each([
    ['transaction', 'D1032653961082864323'],
    ['order', 'CQPL1653961082230623'],
  ])('finds a callback by the id of its %s', async (_, id) => {
    const { send, sendForged, page } = await startConsole();
    await send();
    await sendForged();
    const found = await page(`/console/callbacks?id=${id}`, 'o-forged"');
    expect(found).toContain('payout.succeeded');
    expect(await page(`/console/callbacks/${id}`, 'Genuine, with')).toContain(id);
  });

  it('filters by outcome and merchant, and says when nothing matches', async () => {
    const { send, sendForged, page } = await startConsole();
    await send();
    await sendForged();
    expect(await page('/console/callbacks?outcome=forged', 'badge o-forged')).not.toContain('badge o-accepted');
    expect(await page('/console/callbacks?merchant=nobody', 'No matching callbacks')).not.toContain('badge');
    expect(await page('/console/callbacks?outcome=nonsense&id=', 'badge o-accepted')).toContain('badge o-forged');
  });

  it('continues to older pages and back', async () => {
    const { send, page } = await startConsole();
    for (let count = 0; count < 51; count += 1) await send({ transactionId: `D${count}` });
    const newest = await page('/console/callbacks', '>D50</a>');
    const older = await page(/href="([^"]*cursor=[^"]*)"/.exec(newest)?.[1] ?? '', 'Newest');
    expect([newest.match(/badge o-accepted/g), older.match(/badge o-accepted/g)].map((it) => it?.length)).toEqual([
      50, 1,
    ]);
    expect(older).toContain('>D0</a>');
  });
});

describe('a callback', () => {
  it('is shown with its bytes, its verification, its event and its job', async () => {
    const { send, page, get } = await startConsole();
    await send();
    const body = await page('/console/callbacks/D1032653961082864323', 'Genuine');
    expect(body).toContain('expected sign');
    expect(body).toContain('&quot;specversion&quot;: &quot;1.0&quot;');
    expect(body).toContain('<dd>waiting</dd>');
    const bytes = await get(/href="([^"]+\/body)"/.exec(body)?.[1] ?? '');
    expect(bytes.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="callback.json"',
    });
    expect(JSON.parse(bytes.body)).toMatchObject({ transactionId: 'D1032653961082864323' });
  });

  it('is shown as text and without the expected signature if it is forged', async () => {
    const { sendForged, page, get } = await startConsole();
    await sendForged({ remark: EVIL });
    const list = await page('/console/callbacks?outcome=forged', 'badge o-forged');
    const { body } = await get(firstLink(list));
    expect(body).toContain('Not genuine');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script>alert');
    expect(body).not.toContain('<img src=x');
    const digests = [...body.matchAll(/\b[0-9a-f]{40}\b/g)].map(([digest]) => digest);
    expect(new Set(digests)).toEqual(new Set(['a'.repeat(40)]));
    expect(body).not.toContain('Replay');
  });

  it('is 404 if it is not in the journal', async () => {
    const { get } = await startConsole();
    expect(await get('/console/callbacks/nothing')).toMatchObject({ status: 404 });
    expect(await get('/console/callbacks/nothing/body')).toMatchObject({ status: 404 });
    expect(await get('/console/nowhere')).toMatchObject({ status: 404 });
  });
});

describe('replay and redrive', () => {
  it('ask for confirmation, put the event back, and are audited', async () => {
    const { send, page, get, act, namespace } = await startConsole();
    await send();
    await giveUp(namespace, '{payout}');
    const id = 'D1032653961082864323';
    await page(`/console/callbacks/${id}`, 'no such order');
    const question = await get(`/console/actions/replay?id=${id}`);
    expect([question.status, question.body]).toEqual([
      200,
      expect.stringContaining('Replay payout.succeeded of order CQPL1653961082230623?'),
    ]);
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(0);
    const done = await act('/console/actions/replay', { id });
    expect(done.body).toContain('it is back on {payout}');
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(1);
    expect(await page('/console/audit', 'replay')).toContain('console 127.0.0.1');
  });

  it('put all failed jobs back on their queues at once', async () => {
    const { send, page, act, namespace } = await startConsole();
    await send({ transactionId: 'D1' });
    await send({ transactionId: 'D2' });
    await giveUp(namespace, '{payout}');
    await giveUp(namespace, '{payout}');
    expect(await page('/console/failed', 'no such order')).toContain('2 in all.');
    const { body } = await act('/console/actions/redrive-failed', { id: 'all' });
    expect(body).toContain('2 done, 0 failed.');
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(2);
    expect(await page('/console/failed', 'No failed jobs')).not.toContain('no such order');
  });

  it('say why a callback remains unrecognized', async () => {
    const { send, page, act } = await startConsole();
    await send({ eventName: 'disbursement.unheard' });
    const list = await page('/console/unrecognized', 'disbursement.unheard');
    const id = /evt_[0-9a-f]{32}/.exec(list)?.[0] ?? '';
    const { body } = await act('/console/actions/redrive-unrecognized', { id });
    expect(body).toContain('0 done, 1 failed.');
    expect(body).toContain('eventName: is not one that PayCools documents');
  });

  it('are 404 for an unknown action or without an id', async () => {
    const { act, get } = await startConsole();
    for (const action of ['obliterate', 'constructor', '__proto__', 'toString']) {
      expect((await act(`/console/actions/${action}`, { id: 'all' })).status).toBe(404);
      expect((await get(`/console/actions/${action}?id=all`)).status).toBe(404);
    }
    expect((await act('/console/actions/replay', {})).status).toBe(404);
    expect((await get('/console/actions/replay')).status).toBe(404);
    expect((await act('/console/actions/replay', { id: 'x' })).body).toContain('is not in the journal');
  });
});

describe('reconciliation', () => {
  it('shows its runs, and the findings of runs and callbacks', async () => {
    const { send, page, namespace } = await startConsole();
    await storeReport(namespace);
    await send();
    await send({ amount: 1 });
    const body = await page('/console/reconciliation', '2026-11-01 to 2026-11-02');
    expect(body).toContain('amount-mismatch 2');
    const findings = await page('/console/findings', 'conflict');
    expect(findings).toContain('recorded succeeded, PHP 3,125.00; received succeeded, PHP 0.01');
  });
});

describe('the console_url of an alert', () => {
  it('leads to a page of the console', async () => {
    const { get } = await startConsole();
    const rules = readFileSync('docker/prometheus/rules.yml', 'utf8');
    const paths = [...rules.matchAll(/console_url: https:\/\/paycools-webhooks\.example(\S+)/g)].map(
      ([, path]) => path,
    );
    expect(paths.length).toBeGreaterThan(8);
    const answers = await Promise.all(paths.map(async (path) => [path, (await get(`${path}`)).status]));
    expect(answers).toEqual(paths.map((path) => [path, 200]));
  });
});

describe('a log line that needs attention', () => {
  it('links to the page of its payment if CONSOLE_URL is set', async () => {
    const { send, logLines } = await startConsole({ CONSOLE_URL: 'https://ops.example/console/' });
    await send({ transactionId: 'D 1' });
    await send({ transactionId: 'D 1', amount: 1 });
    const links = logLines.map((line) => (JSON.parse(line) as { link?: string }).link).filter(Boolean);
    expect(links).toEqual(['https://ops.example/console/payments/D%201']);
  });
});
