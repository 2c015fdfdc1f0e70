// `npm run docs [-- FOLDER]`: builds the documentation as a static site, by default in .data/site. Open its
// index.html, or serve the folder with any web server.
import { resolve } from 'node:path';
import { buildSite } from './site/build-site.ts';

const folder = process.argv[2] ?? '.data/site';
buildSite(folder);
console.log(resolve(folder, 'index.html'));
