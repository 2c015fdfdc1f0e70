import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../scripts/site/build-site.ts';
import { axeViolations, hasBrowser, useBrowser } from './browser.ts';

const FOLDER = '.data/test-site-browser';
const PHONE = { viewport: { width: 375, height: 700 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** The file URL of a page of the site. */
const pageUrl = (name: string): string => pathToFileURL(resolve(FOLDER, name)).href;

describe.runIf(hasBrowser)('the documentation site, opened from its folder', () => {
  const open = useBrowser();
  beforeAll(() => buildSite(FOLDER));
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('finds a section by words and opens it', async () => {
    const { page, complaints } = await open(pageUrl('index.html'));
    await page.keyboard.press('/');
    await page.keyboard.type('erase person');
    await page.locator('#results a').first().click();
    await page.waitForURL(/backup\.html#erase-a-persons-data$/);
    expect(complaints).toEqual([]);
  });

  it('says if nothing is found', async () => {
    const { page } = await open(pageUrl('index.html'));
    await page.getByRole('searchbox').fill('xylophone');
    await page.getByText('Nothing found.').waitFor();
  });

  it('shows diagrams as images', async () => {
    const { page, complaints } = await open(pageUrl('index.html'));
    const images = page.locator('.diagram img');
    await images.first().waitFor();
    const widths = await images.evaluateAll((all) =>
      all.map((it) => (it as unknown as { naturalWidth: number }).naturalWidth),
    );
    expect(widths).toHaveLength(2);
    expect(Math.min(...widths)).toBeGreaterThan(300);
    expect(await page.content()).not.toContain('flowchart LR');
    expect(complaints).toEqual([]);
  });

  it.each(['index.html', 'events.html', 'operations.html', 'configuration.html', 'quick-start.html'])(
    'shows %s without overflow on a phone, and passes axe',
    async (name) => {
      const { page } = await open(pageUrl(name), { ...PHONE, bypassCSP: true });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.viewport.width);
      const size = await page.evaluate('parseFloat(getComputedStyle(document.querySelector("main p")).fontSize)');
      expect(size).toBeGreaterThanOrEqual(15);
      expect(await axeViolations(page)).toEqual([]);
    },
    30_000,
  );
});
