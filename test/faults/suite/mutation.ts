import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDataDir } from '../../support/topologies/topology.ts';
import type { Report } from './report.ts';
import type { RunOptions } from './run-faults.ts';

type Patch = {
  /** Below the sources, such as `redis/scripts/add-events.lua`. */
  readonly file: string;
  /** Occurs there exactly once. */
  readonly from: string;
  readonly to: string;
};

export type Run = Omit<RunOptions, 'seed' | 'source'>;

/** A promise that is broken in the sources, and the runs that must each notice. */
export type Mutation = {
  readonly name: string;
  readonly what: string;
  readonly patches: readonly Patch[];
  readonly runs: readonly Run[];
  /** Whether a run has noticed this mutation in particular. */
  readonly isNoticed: (report: Report) => boolean;
};

export type MutatedSource = AsyncDisposable & { readonly path: string };

const apply = (source: string, { file, from, to }: Patch): void => {
  const path = join(source, file);
  const text = readFileSync(path, 'utf8');
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`the mutation no longer fits: ${file} has ${times} times ${JSON.stringify(from)}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
};

/** A copy of the sources with the mutation, below this folder, so that it uses the same dependencies. */
export const mutate = ({ patches }: Pick<Mutation, 'patches'>): MutatedSource => {
  const dir = newDataDir('mutation');
  const path = join(dir, 'src');
  mkdirSync(dir, { recursive: true });
  cpSync('src', path, { recursive: true });
  cpSync('package.json', join(dir, 'package.json')); // the service reads its version there
  const dispose = async (): Promise<void> => rmSync(dir, { recursive: true, force: true });
  for (const patch of patches) apply(path, patch);
  return { path, [Symbol.asyncDispose]: dispose };
};
