import { parseEnv } from 'node:util';
import { type Io, UsageError } from './io.ts';

const OPTION = '--env-file';

type Read = { readonly words: readonly string[]; readonly io: Io };

/**
 * Removes `--env-file FILE` from a command line and reads the files. As in Node.js, the environment takes precedence over
 * files, and a later file over an earlier one.
 *
 * @throws UsageError if a file cannot be read
 */
export const readEnvFiles = (args: readonly string[], io: Io): Read => {
  const words: string[] = [];
  const paths: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const [word = '', next] = [args[index], args[index + 1]];
    if (word.startsWith(`${OPTION}=`)) paths.push(word.slice(OPTION.length + 1));
    else if (word === OPTION && next !== undefined) {
      paths.push(next);
      index += 1;
    } else words.push(word);
  }
  if (paths.length === 0) return { words, io };
  const files = paths.map((path) => parseEnv(readEnvFile(path, io)));
  return { words, io: { ...io, env: { ...Object.assign({}, ...files), ...io.env } } };
};

const readEnvFile = (path: string, io: Io): string => {
  try {
    return io.readFile(path);
  } catch {
    throw new UsageError(`${OPTION} ${path} cannot be read`);
  }
};
