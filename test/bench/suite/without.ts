// `node --import ./without.ts dist/main.js`: the receiver without the parts that `BENCH_WITHOUT` names, for what each of
// them costs. It changes the modules while they are loaded, so the product needs no switch that would be dangerous.
import { registerHooks } from 'node:module';
import { PARTS } from './parts.ts';

const left = new Set((process.env['BENCH_WITHOUT'] ?? '').split(';'));
const changes = PARTS.filter(({ name }) => left.has(name));

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const change = changes.find(({ module }) => url.endsWith(module));
    if (change === undefined) return loaded;
    return { ...loaded, source: change.replace(String(loaded.source)) };
  },
});
