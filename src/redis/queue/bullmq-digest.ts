import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 of each BullMQ script that a test has proved ours (`scripts/add-events.lua`) equal to. */
const PROVED: ReadonlySet<string> = new Set(['2eee45c9ffc54d24681b737f926016a7f7464f0d32a5f87f623bffa2fc55413c']);

/** Path of the script, relative to BullMQ's main module. */
const SCRIPT = './scripts/addStandardJob-9.js';

/** The Lua script with which the installed BullMQ adds a job; null if it cannot be found. */
export const readBullScript = (): string | null => {
  try {
    const file = readFileSync(new URL(SCRIPT, import.meta.resolve('bullmq')), 'utf8');
    return /`([^`]*)`/.exec(file)?.[1] ?? null;
  } catch {
    return null;
  }
};

/** Whether our script was proved to write what this script of BullMQ writes. */
export const isProvedEqual = (lua: string | null): boolean => lua !== null && PROVED.has(hash('sha256', lua));

/** Whether our script adds the events; otherwise BullMQ's own `add`, which costs Redis more and takes several steps. */
export const isBullMqProved = (): boolean => isProvedEqual(readBullScript());
