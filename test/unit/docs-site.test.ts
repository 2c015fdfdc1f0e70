import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../scripts/site/build-site.ts';
import { navigation } from '../../scripts/site/pages.ts';
import { renderPage } from '../../scripts/site/render-page.ts';

const sources = Object.values(navigation).flatMap((entries) => entries.map(([source]) => source));

describe('the documentation site', () => {
  const folder = '.data/test-site';
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  beforeAll(() => {
    mkdirSync('.data', { recursive: true });
    buildSite(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has every page of docs in its navigation', () => {
    const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
    expect(pages.filter((name) => !sources.includes(`docs/${name}`))).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.html'))).toHaveLength(sources.length);
  });

  it('links only to existing files, and loads nothing from other hosts', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.html'))) {
      const loaded = [...read(name).matchAll(/(?:src|<link[^>]*href)="([^"]+)"/g)].map(([, target = '']) => target);
      const missing = loaded.filter(
        (target) =>
          target !== 'data:,' && !readdirSync(join(folder, target, '..')).includes(target.split('/').at(-1) ?? ''),
      );
      expect([name, missing]).toEqual([name, []]);
    }
  });

  it('can be searched without a server', () => {
    const sections = JSON.parse(read('sections.js').replace('globalThis.sections = ', '').replace(/;\n$/, '')) as {
      url: string;
      text: string;
    }[];
    const found = sections.find(({ url }) => url === 'operations.html#paycoolsredisdown');
    expect(found?.text).toContain('VERIFICATION_DEFAULT');
  });

  it('adapts links to pages, anchors and other repository files', () => {
    const { body, links } = renderPage(
      'docs/a.md',
      '# A `b`\n\n[p](operations.md#keys) [q](#a-b) [f](../src/main.ts) [w](https://x.example)\n',
    );
    expect(links).toEqual(['operations.html#keys']);
    expect(body).toContain('<h1 id="a-b">A <code>b</code>');
    expect(body).toContain('<a href="operations.html#keys">p</a>');
    expect(body).toContain('<code>f</code>');
    expect(body).toContain('href="https://x.example"');
  });
});
