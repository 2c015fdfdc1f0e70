import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 of each script of BullMQ that a test has proved ours (`scripts/add-events.lua`) to be equal to. */
const PROVED: ReadonlySet<string> = new Set(['2eee45c9ffc54d24681b737f926016a7f7464f0d32a5f87f623bffa2fc55413c']);

/** Where the script is, from the main module of BullMQ. */
const SCRIPT = './scripts/addStandardJob-9.js';

/** The Lua text that the installed BullMQ adds a job with; null where it is not where it was. */
export const readBullScript = (): string | null => {
  try {
    const file = readFileSync(new URL(SCRIPT, import.meta.resolve('bullmq')), 'utf8');
    return /`([^`]*)`/.exec(file)?.[1] ?? null;
  } catch {
    return null;
  }
};

/** Whether our script writes what this one of BullMQ writes. */
export const isProvedEqual = (lua: string | null): boolean => lua !== null && PROVED.has(hash('sha256', lua));
