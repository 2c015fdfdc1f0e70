import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { listenForKeys } from '../../scripts/dev/keys.ts';
import { products } from '../../src/products/registry.ts';
import { freePorts, interrupt, openClone, startInShell } from '../support/clone.ts';

const DEV = 'npm run dev';

/** The suggested command: the last line that contains `npm run dev`. */
const offeredBy = (lines: readonly string[]): string => lines.findLast((line) => line.includes(DEV))?.trim() ?? '';

/** The same command with ports that are free now. */
const onFreePorts = async (command: string): Promise<string> =>
  Object.entries(await freePorts()).reduce(
    (text, [name, port]) => text.replace(new RegExp(`\\b${name}=\\d+`), `${name}=${port}`),
    command,
  );

describe('npm run dev', () => {
  it('prints a framed summary after a callback of every family was consumed', async () => {
    const clone = openClone();
    const dev = startInShell(DEV, clone, await freePorts());
    await dev.line(/Ctrl-C stops everything/);
    await dev.line(/^╰─+╯$/);
    const text = dev.lines.join('\n');
    for (const { product } of products) expect(text).toMatch(new RegExp(`consumed {2}com\\.paycools\\.${product}\\.`));
    const start = dev.lines.findIndex((line) => line.startsWith('╭'));
    const summary = dev.lines.slice(start);
    expect(summary.every((line) => /^[╭│╰]/.test(line))).toBe(true);
    expect(new Set(summary.map((line) => line.length)).size).toBe(1);
    expect(summary.join('\n')).toMatch(/Up\..+Console +http:\/\/127\.0\.0\.1:\d+\/console.+npm run -s paycools --/s);
    await interrupt(dev);
  }, 180_000);

  it('leaves a first run alone and suggests a command to start a second one beside it', async () => {
    const clone = openClone();
    const ports = await freePorts();
    const first = startInShell(DEV, clone, ports);
    await first.line(/Ctrl-C stops everything/);
    const envFile = readFileSync(join(clone, '.data/dev.env'), 'utf8');

    const second = startInShell(DEV, clone, ports);
    expect(await second.ended).toBe(1);
    expect(second.lines.join('\n')).toMatch(/already running here: process \d+, since .*\. It was left alone/);
    expect(second.lines.join('\n')).toContain(`http://127.0.0.1:${ports.OPS_PORT}/console`);
    const elsewhere = startInShell(DEV, clone, await freePorts());
    expect(await elsewhere.ended).toBe(1);

    const beside = startInShell(await onFreePorts(offeredBy(second.lines)), clone);
    await beside.line(/Ctrl-C stops everything/);
    expect(readFileSync(join(clone, '.data/dev.env'), 'utf8')).toBe(envFile);
    await interrupt(beside);
    await interrupt(first);
    expect(first.lines.join('\n')).not.toContain('redis is disconnected');
  }, 180_000);

  it('starts in the folder of a killed run', async () => {
    const clone = openClone();
    const killed = startInShell(DEV, clone, await freePorts());
    await killed.line(/Ctrl-C stops everything/);
    process.kill(-(killed.child.pid as number), 'SIGKILL');
    await killed.ended;
    const next = startInShell(`${DEV} -- --no-worker`, clone, await freePorts());
    await next.line(/Ctrl-C stops everything/);
    await interrupt(next);
  }, 180_000);

  it('lists all ports in use at once and suggests a command with free ones', async () => {
    const ports = await freePorts();
    const first = startInShell(`${DEV} -- --no-worker`, openClone(), ports);
    await first.line(/Ctrl-C stops everything/);
    const second = startInShell(DEV, openClone(), ports);
    expect(await second.ended).toBe(1);
    const { PORT, OPS_PORT, SANDBOX_PORT } = ports;
    expect(second.lines.join('\n')).toContain(
      `These ports are in use: ${PORT} (PORT), ${OPS_PORT} (OPS_PORT), ${SANDBOX_PORT} (SANDBOX_PORT).`,
    );
    expect(offeredBy(second.lines)).toMatch(/^PORT=\d+ OPS_PORT=\d+ SANDBOX_PORT=\d+ npm run dev$/);
    await interrupt(first);
  }, 180_000);

  it('reports an unusable REDIS_URL', async () => {
    const dev = startInShell('node scripts/main.ts', openClone(), {
      ...(await freePorts()),
      REDIS_URL: 'redis://127.0.0.1:2',
    });
    expect(await dev.ended).toBe(1);
    expect(dev.lines.at(-1)).toContain('The Redis at REDIS_URL cannot be used');
    expect(dev.lines.join('\n')).not.toContain('Up.');
  }, 60_000);

  it.each([
    ['node scripts/main.ts --no-workers', "Unknown option '--no-workers'"],
    ['PORT=http node scripts/main.ts', 'PORT must be a port from 1 to 65535'],
  ])(
    'exits with 2 when called as %s',
    async (command, sentence) => {
      const dev = startInShell(command, openClone());
      expect(await dev.ended).toBe(2);
      expect(dev.lines.at(-1)).toContain(sentence);
    },
    60_000,
  );
});

describe('the keys of npm run dev', () => {
  const press = async (keys: string, isTTY: boolean) => {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    const actions: string[] = [];
    const record = (key: string) => () => void actions.push(key);
    const listening = listenForKeys(input, { o: record('o'), s: record('s'), q: record('q') });
    input.end(keys);
    await new Promise((resolve) => setImmediate(resolve));
    listening[Symbol.dispose]();
    return { actions, modes };
  };

  it('are o, s and q, and Ctrl-C counts as q', async () => {
    expect(await press('sxo\u0003', true)).toEqual({ actions: ['s', 'o', 'q'], modes: [true, false] });
  });

  it('do nothing when the input is not a terminal', async () => {
    expect(await press('soq', false)).toEqual({ actions: [], modes: [] });
  });
});
