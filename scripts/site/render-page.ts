import { join, normalize } from 'node:path';
import { marked, type Token } from 'marked';
import { showDiagram } from './diagrams.ts';
import { fileOf, navigation } from './pages.ts';

/** A section of a page, for the search index. */
type Section = { readonly url: string; readonly title: string; readonly page: string; readonly text: string };

export type RenderedPage = {
  readonly body: string;
  readonly sections: readonly Section[];
  readonly anchors: ReadonlySet<string>;
  /** Links to other pages of the site, as `file` or `file#anchor`. */
  readonly links: readonly string[];
};

type Node = Token & { text?: string; href?: string; depth?: number; lang?: string; tokens?: Token[] };

const sources = new Set(Object.values(navigation).flatMap((entries) => entries.map(([source]) => source)));

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The anchor of a heading, as GitHub generates it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

/** The target of a link within the site; null if it is a repository file that the site does not include. */
const targetOf = (source: string, href: string): string | null => {
  if (/^(https?:|mailto:)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = path === '' ? source : normalize(join(source, '..', path));
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  if (target.startsWith('docs/images/')) return target.replace('docs/', '');
  return sources.has(target) ? fileOf(target) + suffix : null;
};

const textOf = (token: Node): string => token.text ?? '';

const adaptLink = (token: Node, source: string, links: string[]): void => {
  const target = targetOf(source, token.href ?? '');
  if (target === null) {
    Object.assign(token, { type: 'codespan', text: textOf(token).replaceAll('`', '') });
    return;
  }
  if (!/^\w+:/.test(target) && token.type === 'link') links.push(target);
  token.href = target;
};

/** Renders a Markdown page of the repository for the site. */
export const renderPage = (source: string, markdown: string): RenderedPage => {
  const tokens = marked.lexer(markdown.replaceAll(/<!--[\s\S]*?-->/g, ''));
  const links: string[] = [];
  const anchors = new Set<string>();
  const sections: { url: string; title: string; page: string; text: string }[] = [];
  const first = tokens.find(({ type }) => type === 'heading') as Node | undefined;
  const page = first === undefined ? source : textOf(first);
  marked.walkTokens(tokens, (token: Token) => {
    if (token.type === 'link' || token.type === 'image') adaptLink(token as Node, source, links);
  });
  for (const token of tokens as Node[]) {
    if (token.type === 'heading') {
      const title = textOf(token);
      const anchor = anchorOf(title);
      anchors.add(anchor);
      sections.push({ url: `${fileOf(source)}#${anchor}`, title: title.replaceAll('`', ''), page, text: '' });
      const inner = marked.parseInline(title) as string;
      const html = `<h${token.depth} id="${anchor}">${inner} <a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a></h${token.depth}>`;
      Object.assign(token, { type: 'html', block: true, pre: false, raw: html, text: html });
    } else {
      const section = sections.at(-1);
      if (token.type === 'code' && token.lang === 'mermaid') {
        const html = showDiagram(textOf(token), escapeHtml(section?.title ?? page));
        Object.assign(token, { type: 'html', block: true, pre: false, raw: html, text: html });
      } else if (section !== undefined) section.text += ` ${token.raw.replaceAll(/[`*|[\]]|\]\([^)]*\)/g, ' ')}`;
    }
  }
  const body = marked
    .parser(tokens)
    .replaceAll('<table>', '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll('<pre>', '<pre tabindex="0">');
  return { body, sections: sections.map((it) => ({ ...it, text: it.text.replaceAll(/\s+/g, ' ') })), anchors, links };
};
