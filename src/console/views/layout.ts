import type { Health } from '../../http/ops-listener.ts';
import { assetPath } from '../assets.ts';
import { type Content, type Html, html } from '../html.ts';

const NAVIGATION = [
  ['/console', 'Overview'],
  ['/console/payments', 'Payments'],
  ['/console/callbacks', 'Callbacks'],
  ['/console/failed', 'Failed jobs'],
  ['/console/unrecognized', 'Unrecognized'],
  ['/console/findings', 'Findings'],
  ['/console/reconciliation', 'Reconciliation'],
  ['/console/audit', 'Audit'],
  ['/console/queues/', 'Queues'],
] as const;

export type Page = {
  readonly title: string;
  /** Path of its entry in the navigation. */
  readonly section: string;
  readonly content: Content;
  /** Text in the search box. Default: none. */
  readonly search?: string;
};

/** What every page shows around its content. */
export type Frame = { readonly health: Health; readonly hasLogin: boolean };

const STATES = {
  ready: ['✓', 'Ready', 'Callbacks are stored.'],
  degraded: ['⚠', 'Degraded', 'Callbacks are stored, but something is wrong.'],
  'not ready': ['✗', 'Not ready', 'Callbacks cannot be stored and are answered 503.'],
  stopping: ['…', 'Stopping', 'The service is shutting down.'],
} as const satisfies Record<Health['status'], readonly string[]>;

/** The state of the service, with its reasons. */
export const healthStrip = ({ status, reasons }: Health): Html => {
  const [symbol, word, meaning] = STATES[status];
  return html`<div class="health h-${status.replace(' ', '-')}"><strong><span aria-hidden="true">${symbol}</span> ${word}</strong> <span>${meaning}</span>${
    Object.keys(reasons).length > 0 &&
    html`<ul>${Object.entries(reasons).map(([check, reason]) => html`<li><b>${check}</b> ${reason}</li>`)}</ul>`
  }</div>`;
};

const head = (title: string): Html => html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · PayCools console</title>
<link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}">
<link rel="stylesheet" href="${assetPath('console.css')}">
<script type="module" src="${assetPath('console.mjs')}"></script>
</head>`;

const navigation = (entries: readonly (readonly [path: string, title: string])[], { section }: Page): Html =>
  html`<nav aria-label="Pages"><ul>${entries.map(
    ([path, title]) => html`<li><a href="${path}"${section === path && html` aria-current="page"`}>${title}</a></li>`,
  )}</ul></nav>`;

const header = (page: Page, { hasLogin }: Frame): Html => html`<header>
<a class="brand" href="/console"><img src="${assetPath('icon.svg')}" alt="" width="22" height="22">PayCools console</a>
${navigation(NAVIGATION, page)}
<form class="search" role="search" method="get" action="/console/payments">
<input type="search" name="id" value="${page.search ?? ''}" aria-label="Any id of a payment, or a prefix" placeholder="Any id …" autocomplete="off" spellcheck="false">
<button>Search</button>
</form>${
  hasLogin &&
  html`<form class="logout" method="post" action="/console/logout"><button class="quiet">Log out</button></form>`
}
</header>`;

/** A whole document; `top` precedes its content. */
const documentOf = ({ title, content }: Page, top: Content): string =>
  `<!doctype html>\n${html`<html lang="en">
${head(title)}
<body>
<a class="skip" href="#content">Skip to content</a>
${top}
<main id="content" tabindex="-1">
<h1>${title}</h1>
${content}
</main>
</body>
</html>`}\n`;

/** A whole page of the console. */
export const pageOf = (page: Page, frame: Frame): string =>
  documentOf(
    page,
    html`${header(page, frame)}
<div role="status" aria-label="State of the service" data-live="health">${healthStrip(frame.health)}</div>`,
  );

const REFERENCE = [
  ['/docs', 'Interfaces'],
  ['/docs/openapi', 'Public listener'],
  ['/docs/asyncapi', 'Queues and events'],
  ['/console', 'Console'],
] as const;

/** A page about the service's interfaces. It needs no login, because it shows nothing of the service's state. */
export const referencePageOf = (page: Page): string =>
  documentOf(
    page,
    html`<header>
<a class="brand" href="/docs"><img src="${assetPath('icon.svg')}" alt="" width="22" height="22">PayCools webhooks</a>
${navigation(REFERENCE, page)}
</header>`,
  );

/** A page for visitors who are not logged in: it reveals nothing about the service. */
export const barePageOf = (title: string, content: Content): string =>
  `<!doctype html>\n${html`<html lang="en">
${head(title)}
<body class="bare">
<main id="content">
<h1><img src="${assetPath('icon.svg')}" alt="" width="28" height="28">${title}</h1>
${content}
</main>
</body>
</html>`}\n`;
