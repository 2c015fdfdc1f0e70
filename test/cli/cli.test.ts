import { createPublicKey } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';
import { fakeIo, paycools } from './support.ts';

const leaves = (command: Command, path: readonly string[] = []): (readonly [string, Command])[] => {
  const children = command.commands.filter((it) => it.name() !== 'help');
  if (children.length === 0) return [[path.join(' '), command]];
  return children.flatMap((it) => leaves(it, [...path, it.name()]));
};

const commands = leaves(buildProgram(fakeIo().io, '0.0.0'));

describe('paycools', () => {
  it.each([[[]], [['nonsense']], [['api']], [['keys', 'generate', '--bits', '7']], [['sandbox', '--lost', '2']]])(
    'exits with 2 and says why when called as %j',
    async (given) => {
      const { code, out, err } = await paycools(given);
      expect([code, out]).toEqual([2, '']);
      expect(err).not.toBe('');
    },
  );

  it.each([['--help'], ['api --help'], ['keys generate --help'], ['sandbox --help'], ['--version']])(
    'answers %s',
    async (line) => {
      const { code, out } = await paycools(line.split(' '));
      expect(code).toBe(0);
      expect(out).not.toBe('');
    },
  );

  it.each(commands)('shows options and an example in the help of %s, and takes --json', async (line, command) => {
    const { code, out } = await paycools([...line.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toContain('--env-file <file>');
    expect(out).toMatch(/^Examples?:$/m);
    expect(command.options.map(({ long }) => long)).toContain('--json');
  });

  it.each([
    [['evnts'], "unknown command 'evnts' (Did you mean events?) (see --help)"],
    [['events', 'list', '--outcom', 'x'], "unknown option '--outcom' (Did you mean --outcome?) (see --help)"],
    [['api', 'payout.creat'], 'did you mean payout.create?'],
    [['events'], 'a command is missing (see --help)'],
  ])('suggests what was probably meant by %j', async (words, sentence) => {
    const { code, err } = await paycools(words);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it('reports wrong usage as JSON with --json', async () => {
    const { code, err } = await paycools(['events', 'list', '--json', '--outcom']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toEqual({ error: { message: expect.stringContaining('--outcom') } });
  });

  it('reads variables from --env-file at any position; those already set take precedence', async () => {
    const path = join(temporaryFolder(), 'paycools.env');
    writeFileSync(path, 'PAYCOOLS_CALLBACK_SECRET="from the file"\n');
    const sign = async (env: Record<string, string>, words: readonly string[]) =>
      (await paycools(words, { env, input: '{"a":1}' })).out;
    const expected = await sign({ PAYCOOLS_CALLBACK_SECRET: 'from the file' }, ['sign', '-']);
    expect(await sign({}, ['sign', '-', '--env-file', path])).toBe(expected);
    expect(await sign({}, [`--env-file=${path}`, 'sign', '-'])).toBe(expected);
    const other = { PAYCOOLS_CALLBACK_SECRET: 'other' };
    expect(await sign(other, ['sign', '-', '--env-file', path])).toBe(await sign(other, ['sign', '-']));
    const missing = await paycools(['sign', '-', '--env-file', '/nowhere.env']);
    expect(missing).toEqual({ code: 2, out: '', err: '--env-file /nowhere.env cannot be read\n' });
  });

  it('exits with 0 when the reader of its output disconnects', async () => {
    const script = 'node src/cli/main.ts api --help | head -n 1; echo "${PIPESTATUS[0]}"';
    const shell = run({ command: 'bash', args: ['-c', script] });
    expect(await shell.ended).toBe(0);
    expect(shell.lines).toEqual(['Usage: paycools api [options] [call]', '0']);
  });
});

describe('paycools keys generate', () => {
  it('prints the private key and says what to paste into the back office', async () => {
    const { out, err, code } = await paycools(['keys', 'generate']);
    expect(code).toBe(0);
    expect(out).toMatch(/^-----BEGIN PRIVATE KEY-----[\s\S]*-----END PRIVATE KEY-----\n[A-Za-z0-9+/=]+\n$/);
    expect(err).toContain('PAYCOOLS_PRIVATE_KEY_FILE');
    expect(err).toContain('back office');
  });

  it('writes the private key to a file that only its owner can read, and never overwrites one', async () => {
    const path = join(temporaryFolder(), 'private-key.pem');
    const { out, code } = await paycools(['keys', 'generate', '--out', path]);
    expect([code, statSync(path).mode & 0o777]).toEqual([0, 0o600]);
    const made = readFileSync(path, 'utf8');
    expect(createPublicKey(made).export({ format: 'der', type: 'spki' }).toString('base64')).toBe(out.trim());
    const again = await paycools(['keys', 'generate', '--out', path]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('EEXIST')]);
    expect(readFileSync(path, 'utf8')).toBe(made);
  });

  it('prints a matching pair', async () => {
    const { out } = await paycools(['keys', 'generate', '--json', '--bits', '3072']);
    const { privateKey, publicKey } = JSON.parse(out) as Record<string, string>;
    expect(createPublicKey(privateKey ?? '').export({ format: 'pem', type: 'spki' })).toBe(publicKey);
    expect(createPublicKey(publicKey ?? '').asymmetricKeyDetails?.modulusLength).toBe(3072);
  });
});

describe('paycools sandbox', () => {
  it('answers calls signed with the configured key until it is stopped', async () => {
    const pair = await generateMerchantKeyPair();
    const keys = { PAYCOOLS_PRIVATE_KEY: pair.privateKey.reveal(), PAYCOOLS_CALLBACK_SECRET: 's' };
    const stop = Promise.withResolvers<void>();
    const listening = Promise.withResolvers<string>();
    const given = ['sandbox', '--port', '0', '--app-id', 'app'];
    const running = paycools(given, { env: keys, stopped: stop.promise, onOut: listening.resolve });
    const env = { ...keys, PAYCOOLS_BASE_URL: (await listening.promise).trim(), PAYCOOLS_APP_ID: 'app' };
    const balance = await paycools(['api', 'account.balance'], { env });
    expect(balance).toEqual({
      code: 0,
      out: '{\n  "balance": 100000000\n}\n',
      err: 'balance: 100000000 centavos, PHP 1,000,000.00\n',
    });
    stop.resolve();
    expect(await running).toMatchObject({ code: 0 });
  });

  it('needs a callback secret', async () => {
    expect(await paycools(['sandbox', '--port', '0'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('PAYCOOLS_CALLBACK_SECRET'),
    });
  });
});
