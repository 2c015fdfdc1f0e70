import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { paycools } from '../cli/support.ts';
import { startConsole } from '../console/support.ts';
import { post, sign } from '../support/callback.ts';
import { complete, giveUp } from '../support/end-job.ts';
import { SECRET } from '../support/service.ts';
import { until } from '../support/until.ts';
import { axeViolations, hasBrowser, useBrowser } from './browser.ts';

/** Folder for screenshots of every answer. */
const FOLDER = '.data/screenshots/questions';
const PHONE = { width: 390, height: 844 };

/** Starts a day at a merchant's support, with one payment for each question. */
const startDay = async () => {
  const started = await startConsole();
  const { publicUrl, send, sendForged, act, page, namespace } = started;
  await send({ transactionId: 'T-handled', mchOrderId: 'ORDER-HANDLED' });
  await complete(namespace, '{payout}');
  await send({ transactionId: 'T-failed', mchOrderId: 'ORDER-FAILED' });
  await giveUp(namespace, '{payout}');
  await send({ transactionId: 'T-twice', mchOrderId: 'ORDER-TWICE' });
  await send({ transactionId: 'T-twice', mchOrderId: 'ORDER-TWICE', amount: 100 });
  await send({ transactionId: 'T-odd', mchOrderId: 'ORDER-ODD', eventName: 'disbursement.unheard' });
  await sendForged({ transactionId: 'T-forged', mchOrderId: 'ORDER-FORGED' });
  await send({
    transactionId: 'T-lost',
    mchOrderId: 'ORDER-REFUSED',
    transactionStatus: 'FAILED',
    eventName: 'disbursement.failed',
    failedCode: -10001,
    failedMessage: 'Transaction Exceed Limit',
  });
  await post(
    `${publicUrl}/callbacks/refund`,
    sign({
      eventName: 'payment.refund.success',
      mchRefundOrderId: 'REFUND-1',
      refundTransactionId: 'R-1',
      originalTransactionId: 'T-original',
      refundAmount: 5000,
      refundStatus: 'COMPLETE',
    }),
  );
  await page('/console/payments/T-original', 'R-1');
  await act('/console/actions/replay', { id: 'T-handled', note: 'asked by the customer' });
  return started;
};

/** A question to support, the id to search for in the console or by `paycools where`, and what each of them shows. */
const QUESTIONS: readonly (readonly [question: string, id: string, answers: readonly RegExp[], command: RegExp])[] = [
  [
    'The customer says paid, we say no',
    'order-failed',
    [/gave up on the event after 1 attempt: no such order/, /then redrive it/],
    /gave up on the event after 1 attempt: no such order/,
  ],
  [
    'Did it arrive at our system?',
    'T-handled',
    [/PHP 3,125\.00/, /Event put on the queue/],
    /Event put on the queue \{payout\}/,
  ],
  [
    'Was it paid twice?',
    'ORDER-TWICE',
    [/open finding about it: conflict/, /other content; not delivered again/],
    /open finding about it: conflict/,
  ],
  [
    'Where is the refund of this payment?',
    'T-original',
    [/REFUND-1/, /PHP 50\.00/, /succeeded/],
    /REFUND-1[\s\S]*state +succeeded/,
  ],
  [
    'Why was this refused?',
    'ORDER-FORGED',
    [/ORDER-FORGED \(claimed, unproven\)/, /Only unproven callbacks name it/, /PAYCOOLS_CALLBACK_SECRET/],
    /ORDER-FORGED \(claimed, unproven\)[\s\S]*PAYCOOLS_CALLBACK_SECRET/,
  ],
  [
    'Who replayed this?',
    'ORDER-HANDLED',
    [/console 127\.0\.0\.1: replay/, /asked by the customer/],
    /127\.0\.0\.1: replay.*asked by the customer/,
  ],
  ['Why did the payout fail?', 'ORDER-REFUSED', [/failed/, /payout\.failed/], /state +failed/],
  [
    'PayCools sent something, and no worker got it',
    'ORDER-ODD',
    [/not understood/, /eventName: is not one that PayCools documents/],
    /eventName: is not one that PayCools documents/,
  ],
  ['I only have the beginning of the id', 'order-', [/ORDER-HANDLED/, /ORDER-FAILED/, /ORDER-TWICE/], /ORDER-HANDLED/],
  ['We do not know this order', 'ORDER-UNKNOWN', [/was received in the last 30 days/, /Ask PayCools/], /ORDER-UNKNOWN/],
];

const search = async (page: Page, id: string): Promise<void> => {
  await page.getByRole('searchbox', { name: 'Any id of a payment' }).fill(id);
  const before = page.url();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.href !== before);
};

describe("support's ten questions", () => {
  it('are documented, in this order', () => {
    const [, section = ''] = readFileSync('docs/console.md', 'utf8').split('## Ten questions');
    const written = [...(section.split('\n## ')[0]?.matchAll(/^\| ([A-Z][^|]*?) \|/gm) ?? [])].map(([, text]) => text);
    expect(written).toEqual(QUESTIONS.map(([question]) => question));
  });

  it('are each answered by one command', async () => {
    const { namespace, page } = await startDay();
    await page('/console/payments?id=order-', 'ORDER-REFUSED');
    const env = { PAYCOOLS_CALLBACK_SECRET: SECRET, REDIS_URL: namespace.url, QUEUE_PREFIX: namespace.prefix };
    for (const [question, id, , command] of QUESTIONS) {
      const { out, err } = await paycools(['where', id], { env });
      expect([question, out + err]).toEqual([question, expect.stringMatching(command)]);
    }
  }, 30_000);
});

describe.runIf(hasBrowser)("support's ten questions, in the console", () => {
  const open = useBrowser();

  it('are each answered by one search, on a desktop and on a phone, in both schemes', async () => {
    const { opsUrl, page: says } = await startDay();
    mkdirSync(FOLDER, { recursive: true });
    await until(async () => (await says('/console/payments?id=order-', 'ORDER-TWICE')).includes('ORDER-FAILED'), {
      what: 'all are indexed',
      timeoutMs: 10_000,
    });
    const { page, complaints } = await open(`${opsUrl}/console`, { bypassCSP: true, reducedMotion: 'reduce' });
    for (const [index, [question, id, answers]] of QUESTIONS.entries()) {
      await search(page, id);
      const text = (await page.locator('main').textContent()) ?? '';
      for (const answer of answers) expect([question, text]).toEqual([question, expect.stringMatching(answer)]);
      expect([question, await axeViolations(page)]).toEqual([question, []]);
      const isDark = index % 2 === 1;
      await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
      await page.screenshot({ path: join(FOLDER, `${index}-desktop.png`), fullPage: true });
      await page.setViewportSize(PHONE);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      await page.screenshot({ path: join(FOLDER, `${index}-phone.png`), fullPage: true });
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    expect(complaints.filter((it) => !it.includes('404'))).toEqual([]);
  }, 90_000);
});
