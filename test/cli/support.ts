import { readFileSync } from 'node:fs';
import { runProgram } from '../../src/cli/program.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Resolves when Ctrl-C is to be pressed. */
  readonly stopped?: Promise<void>;
  readonly onOut?: (text: string) => void;
  readonly now?: () => number;
  readonly isTerminal?: boolean;
};

/** Runs the command line in this process, its world made up. */
export const paycools = async (words: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const {
    env = {},
    input = '',
    stopped = new Promise<void>(() => undefined),
    onOut = () => undefined,
    now = Date.now,
    isTerminal = false,
  } = options;
  let [out, err] = ['', ''];
  const code = await runProgram(
    words,
    {
      env,
      readFile: (path) => readFileSync(path, 'utf8'),
      out: (text) => {
        out += text;
        onOut(text);
      },
      err: (text) => {
        err += text;
      },
      isTerminal,
      readInput: async () => input,
      stopped: () => stopped,
      now,
    },
    '0.0.0',
  );
  return { code, out, err };
};
