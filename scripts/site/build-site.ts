import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, navigation } from './pages.ts';
import { escapeHtml, type RenderedPage, renderPage } from './render-page.ts';

const sidebar = (current: string): string =>
  Object.entries(navigation)
    .map(([group, entries]) => {
      const items = entries.map(([source, title]) => {
        const mark = source === current ? ' aria-current="page"' : '';
        return `<li><a href="${fileOf(source)}"${mark}>${escapeHtml(title)}</a></li>`;
      });
      return `<h2>${escapeHtml(group)}</h2><ul>${items.join('')}</ul>`;
    })
    .join('\n');

const documentOf = (source: string, title: string, { body }: RenderedPage): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · paycools-webhooks</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="site.css">
<script defer src="sections.js"></script>
<script defer src="search.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<aside>
<a class="brand" href="index.html">paycools-webhooks</a>
<input type="search" aria-label="Search the documents" placeholder="Search (press /)">
<div id="results" role="status"></div>
<nav aria-label="Documents">${sidebar(source)}</nav>
</aside>
<main id="content">
${body}</main>
</body>
</html>
`;

const brokenLinks = (pages: ReadonlyMap<string, RenderedPage>): string[] =>
  [...pages].flatMap(([file, { links }]) =>
    links
      .filter((link) => {
        const [target = '', anchor] = link.split('#');
        const page = pages.get(target);
        return page === undefined || (anchor !== undefined && !page.anchors.has(anchor));
      })
      .map((link) => `${file}: ${link}`),
  );

/**
 * Builds the documentation as a static site that needs no server and makes no outside requests.
 *
 * @throws Error that lists the broken links, if there are any
 */
export const buildSite = (folder: string): void => {
  const entries = Object.values(navigation).flat();
  const pages = new Map(
    entries.map(([source]) => [fileOf(source), renderPage(source, readFileSync(source, 'utf8'))] as const),
  );
  const broken = brokenLinks(pages);
  if (broken.length > 0) throw new Error(`broken links:\n${broken.join('\n')}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [source, title] of entries) {
    const page = pages.get(fileOf(source));
    if (page !== undefined) writeFileSync(join(folder, fileOf(source)), documentOf(source, title, page));
  }
  const sections = [...pages.values()].flatMap((page) => page.sections);
  writeFileSync(join(folder, 'sections.js'), `globalThis.sections = ${JSON.stringify(sections)};\n`);
  writeFileSync(join(folder, 'search.js'), readFileSync(new URL('search.mjs', import.meta.url)));
  writeFileSync(join(folder, 'site.css'), readFileSync(new URL('site.css', import.meta.url)));
  cpSync('docs/images', join(folder, 'images'), { recursive: true });
};
