import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import { buildEvent } from '../../src/products/event.ts';
import { interpret } from '../../src/products/interpret.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { blocksOf } from '../support/blocks.ts';
import { freePorts, interrupt, startInShell } from '../support/clone.ts';
import { proofOf } from '../support/proof.ts';

const readme = readFileSync('README.md', 'utf8');
// `npm test` is not run: it would run this test.
const [devCommand = '', curlCommand = '', apiCommand = '', testCommand = ''] = blocksOf(readme, 'sh');

const startDev = async () => {
  const ports = await freePorts();
  const dev = startInShell(devCommand, '.', ports);
  await dev.line(/Ctrl-C stops everything/);
  const shell = (command: string): string =>
    spawnSync('bash', ['-c', command.replaceAll(':8080', `:${ports.PORT}`)], { encoding: 'utf8' }).stdout;
  return { dev, shell };
};

describe('the README', () => {
  it('shows only commands that exist', () => {
    expect([devCommand, curlCommand.split(' ')[0], apiCommand, testCommand]).toEqual([
      'npm run dev',
      'curl',
      'npm run -s paycools -- api account.balance',
      'npm test',
    ]);
  });

  it('works as written: npm run dev shows accepted and consumed callbacks, curl gets the replies shown, Ctrl-C ends it', async () => {
    const { dev, shell } = await startDev();
    const { line, lines } = dev;
    await line(/consumed {2}com\.paycools\.payout\.succeeded/);
    await Promise.all(products.map(({ product }) => line(new RegExp(`consumed {2}com\\.paycools\\.${product}\\.`))));
    await line(/payout\.create {2}→/);
    await line(/disbursement\.success again {2}→ {2}200/);

    expect(JSON.parse(shell(apiCommand))).toEqual({ balance: expect.any(Number) });
    const accepted = shell(curlCommand);
    expect(accepted).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(accepted).toContain('{"code":1,"msg":"success","data":{}}');
    expect(shell(curlCommand.replace('"amount":312500', '"amount":312501'))).toMatch(/^HTTP\/1\.1 401/);
    expect(shell(curlCommand)).toMatch(/^HTTP\/1\.1 200 OK/);
    await line(/duplicate {2}com\.paycools\.payout\.succeeded {2}D1032653961082864323 /);

    await interrupt(dev); // until the last of its processes has ended
    expect(lines).toContainEqual(expect.stringMatching(/^service +stopped\b/));
    expect(lines.join('\n')).not.toMatch(/Error:|warning/i);
  }, 120_000);

  it('shows the event that its callback becomes', async () => {
    const [before = '', after = ''] = blocksOf(readme, 'json');
    const { sign: _, ...fields } = JSON.parse(before);
    const context = { product: 'payout', timeZone: 'Asia/Manila' };
    const interpreted = interpret(createRegistry(products), proofOf(fields), context);
    if (!interpreted.ok) throw new Error(interpreted.error);
    const receivedAt = Date.parse('2026-11-24T12:00:00.000Z');
    const event = buildEvent(interpreted.value, { merchant: 'default', origin: 'callback', receivedAt, flags: [] });
    const shown = JSON.parse(after) as PaymentEvent;
    expect({ ...event, data: { ...event.data, raw: shown.data.raw } }).toEqual(shown);
  });
});
