import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../support/blocks.ts';
import { cloneInto, freePorts, interrupt, startInShell } from '../support/clone.ts';
import { temporaryFolder } from '../support/folder.ts';

const page = readFileSync('docs/quick-start.md', 'utf8');
const [
  devCommand = '',
  projectCommands = '',
  workerCommand = '',
  paidCommand = '',
  failedCommand = '',
  testCommands = '',
  unitTestCommand = '',
  accountsCommand = '',
  accountCommand = '',
  payCommand = '',
  receiverCommand = '',
  forwardCommand = '',
  sendCommand = '',
] = blocksOf(page, 'sh');
const [workerSource = ''] = blocksOf(page, 'js');
const [paidLine = '', failedLine = '', receivedLine = '', forwardedLine = ''] = blocksOf(page, 'text');

/** The files that the reader saves, in the order of the blocks of code. */
const files = ['worker.mjs', 'describe-payment.mjs', 'describe-payment.test.mjs', 'accounts.mjs', 'receiver.mjs'];

/** Saves files of the page under their names. */
const save = (project: string, names: readonly string[]): void => {
  const sources = blocksOf(page, 'js');
  for (const name of names) writeFileSync(join(project, name), sources[files.indexOf(name)] ?? '');
};

const shell = (commands: string, cwd: string): string => {
  const ran = spawnSync('bash', ['-ec', commands], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (ran.status !== 0) throw new Error(`${commands}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
};

/** Section 6: a unit test, and a payment into a virtual account. */
const receivePayment = async (clone: string, project: string): Promise<void> => {
  save(project, files.slice(1));
  expect(shell(unitTestCommand, project)).toMatch(/^. pass 1$/m);
  const accounts = startInShell(accountsCommand, project);
  await accounts.line(/^waits for payments$/);
  shell(accountCommand, clone);
  shell(payCommand, clone);
  expect(await accounts.line(/ORDER00003/)).toBe(receivedLine);
  expect(await interrupt(accounts)).toBe(0);
};

/** Section 7, on a free port. */
const forwardEvent = async (clone: string, project: string): Promise<void> => {
  const { PORT: RECEIVER_PORT } = await freePorts();
  const receiver = startInShell(receiverCommand, project, { RECEIVER_PORT });
  await receiver.line(/^listens on/);
  const forwarder = startInShell(forwardCommand.replace(':3000', `:${RECEIVER_PORT}`), clone);
  await forwarder.line(/^Forwarding qr-code/);
  shell(sendCommand, clone);
  expect(await receiver.line(/ORDER00004/)).toBe(forwardedLine);
  await interrupt(forwarder);
  await interrupt(receiver);
};

describe('the quick start', () => {
  it('shows the worker of docs/examples', () => {
    expect(workerSource).toBe(readFileSync('docs/examples/worker.mjs', 'utf8').trim());
  });

  it('works block by block: a worker, its tests, a payment into a virtual account, a forwarded event', async () => {
    const folder = resolve(temporaryFolder());
    const [clone, project] = [cloneInto(folder), join(folder, 'my-worker')];
    const ports = await freePorts();
    const dev = startInShell(devCommand, clone, ports);
    await dev.line(/Ctrl-C stops everything/);
    shell(projectCommands, clone);
    save(project, ['worker.mjs']);
    const worker = startInShell(workerCommand, project);
    await worker.line(/^waits for events$/);

    expect(JSON.parse(shell(paidCommand, clone))).toMatchObject({ transactionStatus: 'PENDING' });
    expect(await worker.line(/ORDER00001/)).toBe(paidLine);
    shell(failedCommand, clone);
    expect(await worker.line(/ORDER00002/)).toBe(failedLine);
    expect(shell(testCommands, project)).toMatch(/^. pass 2$/m);

    expect(await interrupt(worker)).toBe(0);
    await receivePayment(clone, project);
    await forwardEvent(clone, project);
    expect(dev.lines.filter((line) => line.startsWith('worker'))).toEqual([]);
    await interrupt(dev);
  }, 180_000);
});
