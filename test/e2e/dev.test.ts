import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { listenForKeys } from '../../scripts/dev/keys.ts';
import { products } from '../../src/products/registry.ts';
import { freePorts, interrupt, openClone, stay } from '../support/clone.ts';

const DEV = 'npm run dev';

/** The command that a refusal offers: the last line that starts `npm run dev`. */
const offeredBy = (lines: readonly string[]): string => lines.findLast((line) => line.includes(DEV))?.trim() ?? '';

/** The same command on ports that no other test can have taken. */
const onFreePorts = async (command: string): Promise<string> =>
  Object.entries(await freePorts()).reduce(
    (text, [name, port]) => text.replace(new RegExp(`\\b${name}=\\d+`), `${name}=${port}`),
    command,
  );

describe('npm run dev', () => {
  it('ends with a framed summary, after a callback of every family went through', async () => {
    const clone = openClone();
    const dev = stay(DEV, clone, await freePorts());
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

  it('leaves the first run alone, and offers a command that starts beside it', async () => {
    const clone = openClone();
    const ports = await freePorts();
    const first = stay(DEV, clone, ports);
    await first.line(/Ctrl-C stops everything/);
    const envFile = readFileSync(join(clone, '.data/dev.env'), 'utf8');

    const second = stay(DEV, clone, ports);
    expect(await second.ended).toBe(1);
    expect(second.lines.join('\n')).toMatch(/already running here: process \d+, since .*\. It was left alone/);
    expect(second.lines.join('\n')).toContain(`http://127.0.0.1:${ports.OPS_PORT}/console`);
    const elsewhere = stay(DEV, clone, await freePorts());
    expect(await elsewhere.ended).toBe(1);

    const beside = stay(await onFreePorts(offeredBy(second.lines)), clone);
    await beside.line(/Ctrl-C stops everything/);
    expect(readFileSync(join(clone, '.data/dev.env'), 'utf8')).toBe(envFile);
    await interrupt(beside);
    await interrupt(first);
    expect(first.lines.join('\n')).not.toContain('redis is gone');
  }, 180_000);

  it('starts again in the folder of a run that was killed', async () => {
    const clone = openClone();
    const killed = stay(DEV, clone, await freePorts());
    await killed.line(/Ctrl-C stops everything/);
    process.kill(-(killed.child.pid as number), 'SIGKILL');
    await killed.ended;
    const next = stay(`${DEV} -- --no-worker`, clone, await freePorts());
    await next.line(/Ctrl-C stops everything/);
    await interrupt(next);
  }, 180_000);

  it('names every port that is in use at once, and a command with free ones', async () => {
    const ports = await freePorts();
    const first = stay(`${DEV} -- --no-worker`, openClone(), ports);
    await first.line(/Ctrl-C stops everything/);
    const second = stay(DEV, openClone(), ports);
    expect(await second.ended).toBe(1);
    const { PORT, OPS_PORT, SANDBOX_PORT } = ports;
    expect(second.lines.join('\n')).toContain(
      `These ports are in use: ${PORT} (PORT), ${OPS_PORT} (OPS_PORT), ${SANDBOX_PORT} (SANDBOX_PORT).`,
    );
    expect(offeredBy(second.lines)).toMatch(/^PORT=\d+ OPS_PORT=\d+ SANDBOX_PORT=\d+ npm run dev$/);
    await interrupt(first);
  }, 180_000);

  it('reports a REDIS_URL that cannot be used', async () => {
    const dev = stay('node scripts/main.ts', openClone(), { ...(await freePorts()), REDIS_URL: 'redis://127.0.0.1:2' });
    expect(await dev.ended).toBe(1);
    expect(dev.lines.at(-1)).toContain('The Redis of REDIS_URL cannot be used');
    expect(dev.lines.join('\n')).not.toContain('Up.');
  }, 60_000);

  it.each([
    ['node scripts/main.ts --no-workers', "Unknown option '--no-workers'"],
    ['PORT=http node scripts/main.ts', 'PORT must be a port from 1 to 65535'],
  ])(
    'exits with 2 when it is called as %s',
    async (command, sentence) => {
      const dev = stay(command, openClone());
      expect(await dev.ended).toBe(2);
      expect(dev.lines.at(-1)).toContain(sentence);
    },
    60_000,
  );
});

describe('the keys of npm run dev', () => {
  const keyboard = (isTTY: boolean) => {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    return { input, modes };
  };
  const pressed = async (isTTY: boolean, keys: string) => {
    const { input, modes } = keyboard(isTTY);
    const heard: string[] = [];
    const hear = (key: string) => () => void heard.push(key);
    const listening = listenForKeys(input, { o: hear('o'), s: hear('s'), q: hear('q') });
    input.end(keys);
    await new Promise((resolve) => setImmediate(resolve));
    listening[Symbol.dispose]();
    return { heard, modes };
  };

  it('are o, s and q, and Ctrl-C counts as q', async () => {
    expect(await pressed(true, 'sxo\u0003')).toEqual({ heard: ['s', 'o', 'q'], modes: [true, false] });
  });

  it('do nothing where nobody has a keyboard', async () => {
    expect(await pressed(false, 'soq')).toEqual({ heard: [], modes: [] });
  });
});
