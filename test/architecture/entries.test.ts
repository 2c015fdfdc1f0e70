import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';

const byPath = new Map(readSources('src').map((source) => [source.path, source]));

/** Every package that a file loads. Type imports count too: types must resolve where the package is absent. */
const packagesOf = (path: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(path)) return new Set();
  seen.add(path);
  const imports = byPath.get(path)?.imports ?? [];
  return new Set(imports.flatMap((it) => (it.startsWith('src/') ? [...packagesOf(it, seen)] : [it])));
};

describe('a public entry', () => {
  it.each([
    ['src/index.ts', ['zod']],
    ['src/client/index.ts', ['zod']],
    ['src/consumer/index.ts', ['bullmq', 'ioredis', 'zod']],
    ['src/sandbox/index.ts', ['fastify', 'zod']],
  ])('%s loads only %j', (entry, allowed) => {
    const packages = [...packagesOf(entry)].filter((name) => !name.startsWith('node:'));
    expect(packages.toSorted()).toEqual(allowed);
  });
});
