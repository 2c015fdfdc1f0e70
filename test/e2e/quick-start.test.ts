import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/redis-server.ts';
import { blocksOf } from '../support/blocks.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';

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

/** A clone of this repository, changes that are not committed included, its dependencies installed. */
const cloneInto = (folder: string): string => {
  const clone = join(folder, 'paycools-webhooks');
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'docs'])
    cpSync(name, join(clone, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  return clone;
};

/** Free ports for what the page starts. */
const freePorts = async () => {
  const [port, opsPort, sandboxPort] = [await freePort(), await freePort(), await freePort()];
  return { PORT: String(port), OPS_PORT: String(opsPort), SANDBOX_PORT: String(sandboxPort) };
};

const shell = (commands: string, cwd: string): string => {
  const ran = spawnSync('bash', ['-ec', commands], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (ran.status !== 0) throw new Error(`${commands}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
};

/** Starts a command that keeps running, as in a terminal of its own. */
const stay = (command: string, cwd: string, env: Record<string, string> = {}) =>
  run({ command: 'bash', args: ['-c', `cd '${cwd}' && ${command}`], env });

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

    process.kill(-(worker.child.pid as number), 'SIGINT');
    expect(await worker.ended).toBe(0);
    expect(dev.lines.filter((line) => line.startsWith('worker'))).toEqual([]);
    process.kill(-(dev.child.pid as number), 'SIGINT');
    await dev.ended;
  }, 60_000);
});

describe('npm run dev', () => {
  it('reports a busy port before it touches the Redis of the first run', async () => {
    const clone = cloneInto(resolve(temporaryFolder()));
    const ports = await freePorts();
    const first = stay(devCommand, clone, ports);
    await first.line(/Ctrl-C stops everything/);
    const second = stay(devCommand, clone, ports);
    expect(await second.ended).toBe(1);
    expect(second.lines.at(-1)).toBe(
      `Port ${ports.PORT} is taken, perhaps by another \`npm run dev\`: end that, or set PORT.`,
    );
    process.kill(-(first.child.pid as number), 'SIGINT');
    await first.ended;
    expect(first.lines.join('\n')).not.toContain('redis is gone');
  }, 60_000);

  it('refuses an unknown option', async () => {
    const dev = stay('npm run dev -- --no-workers', cloneInto(resolve(temporaryFolder())));
    expect(await dev.ended).toBe(1);
    expect(dev.lines.at(-1)).toMatch(/^Unknown option '--no-workers'/);
  });
});
