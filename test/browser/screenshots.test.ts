import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { freshExample } from '../../src/products/fresh-example.ts';
import { products } from '../../src/products/registry.ts';
import { startConsole } from '../console/support.ts';
import { payoutFields, post, postPayout, sign } from '../support/callback.ts';
import { giveUp } from '../support/end-job.ts';
import { hasBrowser, type OpenPage, useBrowser } from './browser.ts';

/** `npm run screenshots` puts them into docs/images. */
const FOLDER = process.env['SCREENSHOTS'] ?? '.data/screenshots';
const MAX_BYTES = 150_000;
const MINUTE = 60_000;
const DESKTOP = { width: 1280, height: 660 };
const PHONE = { width: 390, height: 844 };

/** Sent last, so that all callbacks are in the journal once this one is. */
const LAST = { transactionId: 'D1032653961082999999', mchOrderId: 'CQPL1653961082999999' };

/** Number of callbacks in a minute, which varies as over a day. */
const rateOf = (minute: number): number => Math.round(9 + 6 * Math.sin(minute / 8) + (minute % 3));

/** Sends an hour of callbacks of every family, with occasional failures, on a simulated clock. */
const startHour = async () => {
  const clock = { behind: 59 * MINUTE };
  const started = await startConsole({}, () => Date.now() - clock.behind);
  const { publicUrl, namespace } = started;
  const examples = products.flatMap(({ product, notifications }) =>
    notifications.flatMap(({ examples: [example] }) => (example === undefined ? [] : [{ product, ...example }])),
  );
  let count = 0;
  const send = (change: Record<string, unknown> = {}): Promise<unknown> => {
    const { product, fields } = examples[count % examples.length] ?? { product: 'payout', fields: {} };
    count += 1;
    const fresh = freshExample(fields, String(count));
    return post(`${publicUrl}/callbacks/${product}`, sign({ ...fresh, ...change }));
  };
  const forge = (): Promise<unknown> =>
    post(
      `${publicUrl}/callbacks/payout`,
      JSON.stringify({ ...payoutFields({ amount: 99_900_000 }), sign: '0'.repeat(40) }),
    );
  for (let minute = 0; minute < 60; minute += 1) {
    clock.behind = (59 - minute) * MINUTE;
    await Promise.all(Array.from({ length: rateOf(minute) }, () => send()));
    if (minute % 6 === 0) await postPayout(publicUrl);
    if (minute > 36 && minute < 43) await Promise.all(Array.from({ length: 5 }, forge));
    if (minute === 50) await send({ eventName: 'disbursement.paused' });
  }
  await giveUp(namespace, '{payout}');
  await send(LAST);
  return started;
};

const shoot = async (open: OpenPage, url: string, name: string, options: BrowserContextOptions): Promise<void> => {
  const { page } = await open(url, { reducedMotion: 'reduce', ...options });
  await page.getByText('Ready').waitFor();
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  expect(statSync(path).size).toBeLessThan(MAX_BYTES);
};

describe.runIf(hasBrowser)('screenshots', () => {
  const open = useBrowser();

  it('of the console are taken, and remain small', async () => {
    const { opsUrl, page } = await startHour();
    await page('/console', LAST.mchOrderId);
    const overview = `${opsUrl}/console`;
    await shoot(open, overview, 'console-light', { viewport: DESKTOP, colorScheme: 'light' });
    await shoot(open, overview, 'console-dark', { viewport: DESKTOP, colorScheme: 'dark' });
    await shoot(open, overview, 'console-phone', { viewport: PHONE, colorScheme: 'light' });
    const payment = `${opsUrl}/console/payments/${LAST.mchOrderId}`;
    await shoot(open, payment, 'console-payment-light', { viewport: DESKTOP, colorScheme: 'light' });
    const list = await page('/console/callbacks?outcome=forged', 'badge o-forged');
    const forged = /<td[^>]*><a href="([^"]+)"/.exec(list)?.[1] ?? '';
    await shoot(open, `${opsUrl}${forged}`, 'console-callback-dark', { viewport: DESKTOP, colorScheme: 'dark' });
  }, 60_000);
});
