// `node --import ./without.ts dist/main.js`: runs the receiver without the parts in `BENCH_WITHOUT`, to measure their cost. It
// changes modules while they are loaded, so that the product needs no dangerous switches.
import { registerHooks } from 'node:module';
import { PARTS } from './parts.ts';

const removed = new Set((process.env['BENCH_WITHOUT'] ?? '').split(';'));
const changes = PARTS.filter(({ name }) => removed.has(name));

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const change = changes.find(({ module }) => url.endsWith(module));
    if (change === undefined) return loaded;
    return { ...loaded, source: change.replace(String(loaded.source)) };
  },
});
