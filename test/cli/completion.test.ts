import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { paycools } from './support.ts';

const script = async (shell: string): Promise<string> => (await paycools(['completion', shell])).out;

/** What bash offers after these words; the last one is being typed. */
const complete = async (...words: readonly string[]): Promise<readonly string[]> => {
  const path = join(temporaryFolder(), 'completion.bash');
  writeFileSync(path, await script('bash'));
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const ask = `source ${path}; COMP_WORDS=(paycools ${quoted}); COMP_CWORD=${words.length}; _paycools; echo "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-ec', ask], { encoding: 'utf8' });
  return stdout.trim().split(' ');
};

describe('paycools completion', () => {
  it.each([
    [['ev'], 'events'],
    [['events', 'l'], 'list'],
    [['api', 'payout.c'], 'payout.create'],
    [['send', 'virt'], 'virtual-account'],
    [['events', 'list', '--outc'], '--outcome'],
    [['send', 'payout', '--cha'], '--chaos'],
    [['doctor', '--env'], '--env-file'],
  ])('completes %j in bash', async (words, expected) => {
    expect(await complete(...words)).toEqual([expected]);
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that knows commands, calls and options', async (shell) => {
    const text = await script(shell);
    for (const word of ['events', 'payout.create', 'chaos']) expect(text).toContain(word);
  });

  it('refuses an unknown shell', async () => {
    const { code, err } = await paycools(['completion', 'bassh']);
    expect([code, err]).toEqual([2, 'bassh is not one of bash, zsh, fish (did you mean bash?)\n']);
  });
});
