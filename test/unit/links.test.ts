import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../scripts/site/render-page.ts';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync('docs').map((name) => join('docs', name))]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** The links of a page within the repository, as path and, behind `#`, heading. */
const linksOf = ({ path, text }: (typeof pages)[number]): string[] =>
  [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) =>
    target.startsWith('#') ? `${path}${target}` : normalize(join(dirname(path), target)),
  );

/** The anchors of the headings of a page. */
const anchorsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

const isBroken = (link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  return !existsSync(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
};

describe('the pages', () => {
  it.each(pages)('$path links only to existing pages and headings', (page) => {
    expect(linksOf(page).filter(isBroken)).toEqual([]);
  });

  it('are all linked from the README or the index of the documentation', () => {
    const indexes = pages.filter(({ path }) => path === 'README.md' || path === 'docs/README.md');
    const linked = new Set(['README.md', ...indexes.flatMap(linksOf)]);
    expect(pages.map(({ path }) => path).filter((path) => !linked.has(path))).toEqual([]);
  });
});
