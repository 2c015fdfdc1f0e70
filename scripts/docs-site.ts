// `npm run docs [-- FOLDER]`: writes the documents as a static site, by default to .data/site. Open its index.html, or
// serve the folder with any web server.
import { resolve } from 'node:path';
import { buildSite } from './site/build-site.ts';

const folder = process.argv[2] ?? '.data/site';
buildSite(folder);
console.log(resolve(folder, 'index.html'));
