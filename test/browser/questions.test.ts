import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startConsole } from '../console/support.ts';
import { post, sign } from '../support/callback.ts';
import { complete, giveUp } from '../support/end-job.ts';
import { until } from '../support/until.ts';
import { axeViolations, hasBrowser, useBrowser } from './browser.ts';

/** Pictures of every answer, to look at. */
const FOLDER = '.data/screenshots/questions';
const PHONE = { width: 390, height: 844 };

/** A day at a merchant's support: one payment for each question. */
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

/** What support is asked, what to type into the search, and what the page then says. */
const QUESTIONS: readonly (readonly [question: string, search: string, answers: readonly RegExp[]])[] = [
  [
    'The customer says paid, we say no',
    'order-failed',
    [/gave up on the event after 1 attempt: no such order/, /then redrive it/],
  ],
  ['Did it arrive at our system?', 'T-handled', [/PHP 3,125\.00/, /Event put on the queue/]],
  ['Was it paid twice?', 'ORDER-TWICE', [/open finding about it: conflict/, /other content; not delivered again/]],
  ['Where is the refund of this payment?', 'T-original', [/REFUND-1/, /PHP 50\.00/, /succeeded/]],
  [
    'Why was this refused?',
    'ORDER-FORGED',
    [/ORDER-FORGED \(claimed, unproven\)/, /Only callbacks that nothing proves name it/, /PAYCOOLS_CALLBACK_SECRET/],
  ],
  ['Who replayed this?', 'ORDER-HANDLED', [/console 127\.0\.0\.1: replay/, /asked by the customer/]],
  ['Why did the payout fail?', 'ORDER-REFUSED', [/failed/, /payout\.failed/]],
  [
    'PayCools sent something, and no worker got it',
    'ORDER-ODD',
    [/not understood/, /eventName: is not one that PayCools documents/],
  ],
  ['I only have the beginning of the id', 'order-', [/ORDER-HANDLED/, /ORDER-FAILED/, /ORDER-TWICE/]],
  ['We never heard of this order', 'ORDER-UNKNOWN', [/was received in the last 30 days/, /Ask PayCools/]],
];

const search = async (page: Page, id: string): Promise<void> => {
  await page.getByRole('searchbox', { name: 'Any id of a payment' }).fill(id);
  const before = page.url();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.href !== before);
};

describe.runIf(hasBrowser)("support's ten questions", () => {
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
