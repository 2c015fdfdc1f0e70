import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from './process-command.ts';

/** A run of `npm run dev`, as recorded in its data folder. */
export type DevRun = {
  readonly pid: number;
  readonly startedAt: string;
  readonly addresses: Readonly<Record<string, string>>;
};

/** The run that is using the folder. */
export type Taken = { readonly takenBy: DevRun };

const FILE = 'dev.json';
const OWNER_ONLY = 0o600;

const readRun = (path: string): DevRun | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DevRun;
  } catch {
    return null;
  }
};

/** Whether the run is still active: its process exists and runs this script (a process id can be reused). */
const isRunning = ({ pid }: DevRun): boolean =>
  pid !== process.pid && /scripts[/\\]main\.ts/.test(commandOf(pid) ?? '');

const create = (path: string, run: DevRun): boolean => {
  try {
    writeFileSync(path, JSON.stringify(run), { flag: 'wx', mode: OWNER_ONLY });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Claims a data folder for this run. A folder that a killed run left claimed is taken over.
 *
 * @returns a handle that releases the folder, or the run that is using it
 */
export const claimFolder = (dataDir: string, run: DevRun): Disposable | Taken => {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  if (!create(path, run)) {
    const other = readRun(path);
    if (other !== null && isRunning(other)) return { takenBy: other };
    rmSync(path, { force: true });
    if (!create(path, run)) return { takenBy: readRun(path) ?? run };
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
};
