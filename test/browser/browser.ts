import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { findProgram } from '../../scripts/machine-package.ts';

const say = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

const executablePath = findProgram({
  title: 'Chromium',
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  debian: 'chromium',
  say,
});

/** Tests that need a browser are skipped if there is none. */
export const hasBrowser = executablePath !== undefined;
if (!hasBrowser)
  say('The browser tests are skipped: there is no Chromium, and it can be installed as root on Debian only.');

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page with the errors, dialogs and foreign requests that it caused. */
type Watched = { readonly page: Page; readonly complaints: readonly string[] };

export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<Watched>;

const watch = (page: Page, origin: string): string[] => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`requested another host: ${request.url()}`);
  });
  return complaints;
};

/** Starts one Chromium per test file. Each page has its own context, which is closed with its test. */
export const useBrowser = (): OpenPage => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: ARGS });
  });
  afterAll(() => browser?.close());
  return async (url, options = {}) => {
    if (browser === undefined) throw new Error('there is no browser');
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints = watch(page, new URL(url).origin);
    await page.goto(url);
    return { page, complaints };
  };
};

type AxeResult = {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { html: string }[] }[];
};

/** Violations that axe finds on a page, as `rule: element`. Default: all rules. The page needs `bypassCSP`. */
export const axeViolations = async (page: Page, runOnly?: readonly string[]): Promise<string[]> => {
  await page.evaluate(axe.source);
  const options = JSON.stringify({ resultTypes: ['violations'], runOnly });
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as AxeResult;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
};
