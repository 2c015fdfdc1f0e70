import { readFileSync } from 'node:fs';
import type { Io, Screen } from '../../src/cli/io.ts';
import { runProgram } from '../../src/cli/program.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Resolves when the test presses Ctrl-C. */
  readonly stopped?: Promise<void>;
  readonly onOut?: (text: string) => void;
  readonly now?: () => number;
  readonly isTerminal?: boolean;
  /** The terminal that results are shown on; none by default. */
  readonly screen?: Screen | null;
};

type Written = { out: string; err: string };

/** Input, output and environment of a command that a test makes up, and what the command has written. */
export const fakeIo = (options: RunOptions = {}): { readonly io: Io; readonly written: Written } => {
  const { env = {}, input = '', now = Date.now, isTerminal = false, screen = null } = options;
  const written: Written = { out: '', err: '' };
  const io: Io = {
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
    out: (text) => {
      written.out += text;
      options.onOut?.(text);
    },
    err: (text) => {
      written.err += text;
    },
    isTerminal,
    screen,
    readInput: async () => input,
    stopped: () => options.stopped ?? new Promise<void>(() => undefined),
    now,
  };
  return { io, written };
};

/** Runs the command line in this process, with made-up input and environment. */
export const paycools = async (words: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const { io, written } = fakeIo(options);
  const code = await runProgram(words, io, '0.0.0');
  return { code, ...written };
};
