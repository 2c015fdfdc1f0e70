import { describe, expect, it } from 'vitest';
import { pureRooms, rooms } from './rooms.ts';
import { readSources, roomOf, type SourceFile } from './source.ts';

const sources = [...readSources('src'), ...readSources('scripts')];
const byPath = new Map(sources.map((source) => [source.path, source]));

const isAllowed = ({ room }: SourceFile, target: string): boolean => {
  const rule = rooms[room];
  if (rule === undefined) return false;
  if (!/^(?:src|scripts)\//.test(target)) return rule.packages.includes(target);
  return roomOf(target) === room || rule.rooms.includes(roomOf(target));
};

const complaints = (source: SourceFile): string[] =>
  source.imports
    .filter((target) => !isAllowed(source, target))
    .map(
      (target) =>
        `${source.path} may not import ${target} because ${rooms[source.room]?.because ?? 'its room has no rule'}`,
    );

/** The imports that lead from a file back to itself, or null. `harmless` collects files without a cycle. */
const findCycle = (
  start: SourceFile,
  path: readonly string[] = [],
  harmless: Set<string> = new Set(),
): readonly string[] | null => {
  if (path.includes(start.path)) return [...path.slice(path.indexOf(start.path)), start.path];
  if (harmless.has(start.path)) return null;
  for (const target of start.imports) {
    const next = byPath.get(target);
    const cycle = next === undefined ? null : findCycle(next, [...path, start.path], harmless);
    if (cycle !== null) return cycle;
  }
  harmless.add(start.path);
  return null;
};

const IMPURE = /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bconsole\./;

describe('the source', () => {
  it.each(sources)('$path imports only what its room allows', (source) => {
    expect(complaints(source)).toEqual([]);
  });

  it('has no import cycle, type imports included', () => {
    const harmless = new Set<string>();
    expect(sources.map((source) => findCycle(source, [], harmless)).filter((cycle) => cycle !== null)).toEqual([]);
  });

  it.each(sources.filter(({ room }) => pureRooms.includes(room)))('$path is pure', ({ text }) => {
    expect(text).not.toMatch(IMPURE);
  });

  it('uses process only in main, cli and scripts', () => {
    const using = sources.filter(({ text }) => /\bprocess\.(?!d\.ts)/.test(text)).map(({ room }) => room);
    expect([...new Set(using)].sort()).toEqual(['cli', 'main', 'scripts']);
  });

  it('casts to Verified in only one place', () => {
    const makers = sources.filter(({ text }) => /as (?:unknown as )?Verified\b/.test(text)).map(({ path }) => path);
    expect(makers).toEqual(['src/verify/verify.ts']);
  });

  it.each([...sources, ...readSources('test')])('$path is short enough to read', ({ text }) => {
    expect(text.split('\n').length).toBeLessThanOrEqual(200);
  });
});

describe('the rules of imports', () => {
  it('cover every kind of import', () => {
    expect(byPath.get('src/main.ts')?.imports).toEqual(
      expect.arrayContaining(['node:fs', 'close-with-grace', 'src/config/load.ts', 'src/service/service.ts']),
    );
    expect(byPath.get('src/receive/receive.ts')?.imports).toContain('src/receive/ports.ts');
  });

  it('complain with a reason', () => {
    const offender = {
      path: 'src/core/offender.ts',
      room: 'core',
      text: '',
      imports: ['fastify', 'src/http/problem.ts'],
    };
    expect(complaints(offender)).toEqual([
      'src/core/offender.ts may not import fastify because it is the vocabulary: it needs nothing but schemas, network addresses and a hash',
      'src/core/offender.ts may not import src/http/problem.ts because it is the vocabulary: it needs nothing but schemas, network addresses and a hash',
    ]);
  });
});
