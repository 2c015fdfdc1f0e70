import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { layoutStyle } from './styles/layout-style.ts';
import { partsStyle } from './styles/parts-style.ts';

export type Asset = { readonly type: string; readonly content: string };

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d5fd1"/><path d="M8 9h16M8 16h10M8 23h6" stroke="#fff" stroke-width="3" stroke-linecap="round"/><path d="m19 22 3 3 5-6" fill="none" stroke="#8df0b5" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const ASSETS: Readonly<Record<string, Asset>> = {
  'console.css': { type: 'text/css; charset=utf-8', content: layoutStyle + partsStyle },
  'console.mjs': {
    type: 'text/javascript; charset=utf-8',
    content: readFileSync(new URL('browser/console.mjs', import.meta.url), 'utf8'),
  },
  'icon.svg': { type: 'image/svg+xml', content: ICON },
};

const pathOf = (name: string, { content }: Asset): string =>
  `/console/assets/${createHash('sha256').update(content).digest('hex').slice(0, 12)}/${name}`;

const paths = new Map(Object.entries(ASSETS).map(([name, asset]) => [name, pathOf(name, asset)]));

/** The static files by path. The path changes with the content, so browsers may cache it forever. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(ASSETS).map(([name, asset]) => [pathOf(name, asset), asset]),
);

/** @throws TypeError if there is no such file */
export const assetPath = (name: string): string => {
  const path = paths.get(name);
  if (path === undefined) throw new TypeError(`the console has no file ${name}`);
  return path;
};
