import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { startConsole, TOKEN } from '../console/support.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { waitingEvents } from '../support/queues.ts';
import { axeViolations, hasBrowser, useBrowser } from './browser.ts';
import { EVIL, startStocked } from './stocked.ts';

const PHONE = { viewport: { width: 360, height: 740 } };

describe.runIf(hasBrowser)('the console in a browser', () => {
  const open = useBrowser();

  it('passes axe, and has enough contrast in the dark scheme', async () => {
    const { opsUrl, paths } = await startStocked();
    const { page } = await open(`${opsUrl}/console`, { bypassCSP: true, reducedMotion: 'reduce' });
    for (const path of paths) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(`${opsUrl}${path}`);
      expect([path, await axeViolations(page)]).toEqual([path, []]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect([path, await axeViolations(page, ['color-contrast'])]).toEqual([path, []]);
    }
  }, 60_000);

  it('passes axe on a phone and on the login page', async () => {
    const { opsUrl, send } = await startConsole({ OPS_TOKEN: TOKEN });
    await send();
    const extraHTTPHeaders = { authorization: `Bearer ${TOKEN}` };
    const { page } = await open(`${opsUrl}/console/login`, { bypassCSP: true, extraHTTPHeaders, ...PHONE });
    for (const path of ['/console/login', '/console', '/console/callbacks/D1032653961082864323']) {
      await page.goto(`${opsUrl}${path}`);
      expect([path, await axeViolations(page)]).toEqual([path, []]);
    }
  }, 60_000);

  it('requests nothing from other hosts and violates no policy, Bull Board included', async () => {
    const { opsUrl, paths } = await startStocked();
    const { page, complaints } = await open(`${opsUrl}/console/queues/`);
    await page.getByText('{payout}').first().click();
    await page.getByText('com.paycools.payout.succeeded').first().waitFor();
    expect(complaints).toEqual([]);
    for (const path of paths.filter((it) => !it.endsWith('nowhere'))) await page.goto(`${opsUrl}${path}`);
    expect(complaints).toEqual([]);
  }, 60_000);

  it('shows a forged callback full of HTML as text', async () => {
    const { opsUrl, forged } = await startStocked();
    const { page, complaints } = await open(`${opsUrl}${forged}`);
    expect(await page.getByLabel('Body as text').textContent()).toContain(JSON.stringify(EVIL));
    expect(await page.getByText('Not genuine').isVisible()).toBe(true);
    expect(await page.locator('main script, main style, main img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows callbacks as they arrive, and can be paused', async () => {
    const { opsUrl, send } = await startConsole();
    const { page } = await open(`${opsUrl}/console`);
    await page.getByText('● live').waitFor();
    await send({ mchOrderId: 'D-live' });
    await page.getByRole('cell', { name: 'D-live' }).waitFor();
    await page.getByLabel('1 callbacks in the last hour').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await send({ transactionId: 'D-paused', mchOrderId: 'D-paused' });
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await page.getByRole('cell', { name: 'D-paused' }).waitFor();
  });

  it('keeps up with hundreds of callbacks at once, and shows fifty', async () => {
    const { opsUrl, send } = await startConsole();
    const { page } = await open(`${opsUrl}/console`);
    await page.getByText('● live').waitFor();
    await Promise.all(Array.from({ length: 300 }, (_, index) => send({ transactionId: `D-${index}` })));
    await page.getByLabel('300 callbacks in the last hour').waitFor();
    await expect.poll(() => page.locator('tbody[data-live=feed] tr').count()).toBe(50);
  });

  it('says on an open page that Redis is down, and that it is back', async () => {
    const port = await freePort();
    const redis = await startOwnRedis({ port });
    const env = { REDIS_URL: redis.url, ENQUEUE_TIMEOUT_MS: '300', SPOOL_DIR: temporaryFolder() };
    const { opsUrl, send } = await startConsole(env);
    const { page } = await open(`${opsUrl}/console`);
    const state = page.getByRole('status', { name: 'State of the service' });
    await state.getByText('Ready').waitFor();
    await redis[Symbol.asyncDispose]();
    await state.getByText('Degraded').waitFor();
    await send({ mchOrderId: 'D-spooled' });
    await page.getByText('1 callback waits in the spool').waitFor();
    await page.reload();
    await page.getByText('Redis does not answer.').first().waitFor();
    await startOwnRedis({ port });
    await state.getByText('Ready').waitFor();
    await page.getByText('The spool is empty.').waitFor();
    await page.getByRole('cell', { name: 'D-spooled' }).waitFor();
  }, 40_000);

  it('can be used by keyboard alone, from the search to a redrive', async () => {
    const { opsUrl, namespace } = await startStocked();
    const { page } = await open(`${opsUrl}/console`);
    const before = (await waitingEvents(namespace, 'payout')).length;
    await page.keyboard.press('Tab');
    await page.locator('a.skip:focus').waitFor();
    await page.getByRole('search').getByRole('searchbox').focus();
    await page.keyboard.type('D-failed');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Payment ' }).waitFor();
    await page.getByRole('link', { name: 'Redrive payout.succeeded …' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Redrive' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('1 done, 0 failed.').waitFor();
    expect(await waitingEvents(namespace, 'payout')).toHaveLength(before + 1);
  });

  it('works without script', async () => {
    const { opsUrl } = await startStocked();
    const { page } = await open(`${opsUrl}/console`, { javaScriptEnabled: false });
    await page.getByRole('searchbox', { name: 'Any id of a payment' }).fill('D-failed');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Redrive payout.succeeded …' }).click();
    await page.getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('1 done, 0 failed.').waitFor();
  });

  it('admits holders of the token by a cookie that scripts cannot read', async () => {
    const { opsUrl } = await startConsole({ OPS_TOKEN: TOKEN });
    const { page } = await open(`${opsUrl}/console/audit`);
    await page.getByLabel('Your operator token').fill('not-the-token');
    await page.keyboard.press('Enter');
    await page.getByText('The token is wrong.').waitFor();
    await page.getByLabel('Your operator token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Your operator token').waitFor();
    await page.goto(`${opsUrl}/console`);
    await page.getByLabel('Your operator token').waitFor();
  });

  it('has no page that is wider than the screen of a phone', async () => {
    const { opsUrl, paths } = await startStocked();
    const { page } = await open(`${opsUrl}/console`, PHONE);
    for (const path of paths) {
      await page.goto(`${opsUrl}${path}`);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, PHONE.viewport.width]);
    }
  });
});
