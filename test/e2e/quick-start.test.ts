import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { cloneInto, freePorts, interrupt, stay } from '../support/clone.ts';
import { temporaryFolder } from '../support/folder.ts';

const page = readFileSync('docs/quick-start.md', 'utf8');
const [
  devCommand = '',
  projectCommands = '',
  workerCommand = '',
  paidCommand = '',
  failedCommand = '',
  testCommands = '',
] = blocksOf(page, 'sh');
const [workerSource = ''] = blocksOf(page, 'js');
const [paidLine = '', failedLine = ''] = blocksOf(page, 'text');

const shell = (commands: string, cwd: string): string => {
  const ran = spawnSync('bash', ['-ec', commands], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (ran.status !== 0) throw new Error(`${commands}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
};

describe('the quick start', () => {
  it('shows the worker that is among the examples', () => {
    expect(workerSource).toBe(readFileSync('docs/examples/worker.mjs', 'utf8').trim());
  });

  it("works block by block: a newcomer's worker handles payouts of the sandbox, and its test passes", async () => {
    const folder = resolve(temporaryFolder());
    const [clone, project] = [cloneInto(folder), join(folder, 'my-worker')];
    const dev = stay(devCommand, clone, await freePorts());
    await dev.line(/Ctrl-C stops everything/);
    shell(projectCommands, clone);
    writeFileSync(join(project, 'worker.mjs'), workerSource);
    const worker = stay(workerCommand, project);
    await worker.line(/^waits for events$/);

    expect(JSON.parse(shell(paidCommand, clone))).toMatchObject({ transactionStatus: 'PENDING' });
    expect(await worker.line(/ORDER00001/)).toBe(paidLine);
    shell(failedCommand, clone);
    expect(await worker.line(/ORDER00002/)).toBe(failedLine);
    expect(shell(testCommands, project)).toMatch(/^. pass 2$/m);

    expect(await interrupt(worker)).toBe(0);
    expect(dev.lines.filter((line) => line.startsWith('worker'))).toEqual([]);
    await interrupt(dev);
  }, 180_000);
});
