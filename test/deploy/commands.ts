import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The blocks of commands in a section of a page of docs, in order. */
export const commandBlocks = (page: string, heading: string): readonly string[] => {
  const [, rest = ''] = readFileSync(`docs/${page}.md`, 'utf8').split(`## ${heading}\n`);
  const [section = ''] = rest.split(/\n##+ /);
  return [...section.matchAll(/^( *)```sh\n([\s\S]*?)```/gm)].map(([, , block = '']) => block);
};

/** Runs commands as a person would, without blocking the servers of this process. */
export const shell = async (script: string, env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { env: { ...process.env, ...env } });
  return stdout;
};
