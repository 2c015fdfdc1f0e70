import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export type SourceFile = {
  /** Path in the repository, such as `src/core/event.ts`. */
  readonly path: string;
  /** `core` for `src/core/event.ts`, `main` for `src/main.ts`, `scripts` for `scripts/dev.ts`. */
  readonly room: string;
  readonly text: string;
  /** Names of packages and paths of files, type imports included. */
  readonly imports: readonly string[];
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/g;

const resolveImport = (path: string, target: string): string =>
  target.startsWith('.') ? normalize(join(dirname(path), target)) : target;

export const roomOf = (path: string): string =>
  path.startsWith('scripts/') ? 'scripts' : (path.split('/')[1]?.replace(/\.\w+$/, '') ?? '');

const readSource = (path: string): SourceFile => {
  const text = readFileSync(path, 'utf8');
  const found = [...text.matchAll(IMPORT)].map(([, first, second, third]) => first ?? second ?? third ?? '');
  return { path, room: roomOf(path), text, imports: found.map((target) => resolveImport(path, target)) };
};

/** Every source file below a folder of the repository. */
export const readSources = (folder: string): SourceFile[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => readSource(join(folder, name)));
