import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signEnvelope } from '../../src/verify/callback.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { type Merchants, merchantsFile } from '../support/merchants-file.ts';
import { runService } from '../support/process.ts';
import { waitingEvents } from '../support/queues.ts';
import { SECRET, startTestService } from '../support/service.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.publicKey.export({ format: 'pem', type: 'spki' }).toString();

const start = async (merchants: Merchants) => {
  const file = merchantsFile(merchants);
  const service = await startTestService({ env: { MERCHANTS_FILE: file.path } });
  const send = async (merchant: string, secret: string, change: Record<string, unknown> = {}) =>
    (await post(`${service.publicUrl}/merchants/${merchant}/callbacks/payout`, sign(payoutFields(change), secret)))
      .status;
  const metrics = async () => (await fetch(`${service.opsUrl}/metrics`)).text();
  return { ...service, ...file, send, metrics };
};

describe('several merchants', () => {
  it('have their own keys and events, and are not verified with each other’s keys', async () => {
    const { send, namespace } = await start({
      acme: { PAYCOOLS_CALLBACK_SECRET: 'secret-of-acme' },
      bolt: { PAYCOOLS_CALLBACK_SECRET: 'secret-of-bolt' },
    });
    expect(await send('acme', 'secret-of-acme')).toBe(200);
    expect(await send('bolt', 'secret-of-bolt')).toBe(200);
    expect(await send('default', SECRET)).toBe(200);
    expect(await send('acme', 'secret-of-bolt')).toBe(401);
    expect(await send('bolt', SECRET)).toBe(401);
    const events = await waitingEvents(namespace, 'payout');
    expect(events.map(({ source }) => source)).toEqual([
      'urn:paycools:acme',
      'urn:paycools:bolt',
      'urn:paycools:default',
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('have their own zones, acknowledgements and addresses', async () => {
    const { send, publicUrl, namespace } = await start({
      jakarta: {
        PAYCOOLS_CALLBACK_SECRET: 's',
        PAYCOOLS_CALLBACK_PUBLIC_KEY: pem,
        PAYCOOLS_TIME_ZONE: 'Asia/Jakarta',
        PAYCOOLS_ACKNOWLEDGEMENT: '{"code":10000}',
        PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: '"ok"',
      },
      fenced: { PAYCOOLS_CALLBACK_SECRET: 'f', ALLOWED_IPS: '10.0.0.0/8' },
    });
    const url = `${publicUrl}/merchants/jakarta/callbacks`;
    expect((await post(url, sign(payoutFields(), 's'))).body).toBe('{"code":10000}');
    expect((await post(url, signEnvelope(payoutFields(), keys.privateKey))).body).toBe('"ok"');
    expect(await waitingEvents(namespace, 'payout')).toMatchObject([{ time: '2022-05-31T02:38:56.000Z' }]);
    expect(await send('fenced', 'f')).toBe(401);
  });

  it('can have their secrets in files', async () => {
    const { folder, path } = merchantsFile({});
    writeFileSync(join(folder, 'secret'), 'from-a-file\n');
    writeFileSync(path, JSON.stringify({ acme: { PAYCOOLS_CALLBACK_SECRET_FILE: join(folder, 'secret') } }));
    const { publicUrl } = await startTestService({ env: { MERCHANTS_FILE: path } });
    const url = `${publicUrl}/merchants/acme/callbacks`;
    expect((await post(url, sign(payoutFields(), 'from-a-file'))).status).toBe(200);
  });

  it('show the fingerprints of their keys, never the keys', async () => {
    const { metrics, logLines } = await start({
      acme: {
        PAYCOOLS_CALLBACK_SECRET: 'hush-1',
        PAYCOOLS_CALLBACK_SECRET_PREVIOUS: 'hush-2',
        PAYCOOLS_CALLBACK_PUBLIC_KEY: pem,
      },
    });
    const lines = (await metrics()).split('\n').filter((line) => line.startsWith('paycools_key_info{merchant="acme"'));
    expect(lines).toEqual([
      expect.stringMatching(/^paycools_key_info\{merchant="acme",scheme="sha1-secret",fingerprint="[0-9a-f]{16}"\} 1$/),
      expect.stringMatching(/scheme="sha1-secret"/),
      expect.stringMatching(/scheme="rsa-envelope"/),
    ]);
    expect([await metrics(), ...logLines].join()).not.toMatch(/hush|BEGIN/);
  });
});

describe('a changed merchants file', () => {
  const acme = { PAYCOOLS_CALLBACK_SECRET: 'old' };

  it('is read without a restart', async () => {
    const { send, write, metrics } = await start({ acme });
    const before = await metrics();
    write({ acme: { PAYCOOLS_CALLBACK_SECRET: 'new' }, fresh: { PAYCOOLS_CALLBACK_SECRET: 'x' } });
    await expect.poll(() => send('fresh', 'x'), { timeout: 10_000 }).toBe(200);
    expect([await send('acme', 'new'), await send('acme', 'old')]).toEqual([200, 401]);
    expect(await metrics()).not.toBe(before);
  });

  it.each([
    ['no JSON', '{"acme":'],
    ['another type', '[]'],
    ['an unknown setting', '{"acme":{"PAYCOOLS_CALLBACK_SECRET":"x","CALLBACK":"x"}}'],
    ['a merchant without a key', '{"acme":{}}'],
    ['the merchant of the environment', '{"default":{"PAYCOOLS_CALLBACK_SECRET":"x"}}'],
    ['an invalid name', '{"Acme Inc":{"PAYCOOLS_CALLBACK_SECRET":"x"}}'],
  ])('with %s is refused, and the old one remains in effect', async (_name, content) => {
    const { send, write, reloadMerchants, logLines } = await start({ acme });
    write(content);
    reloadMerchants();
    expect(logLines.join('')).toContain('MERCHANTS_FILE is refused');
    expect(await send('acme', 'old')).toBe(200);
  });

  it('is read again on SIGHUP', async () => {
    const { path, write } = merchantsFile({ acme });
    const service = runService({ MERCHANTS_FILE: path, PORT: '0', OPS_PORT: '0' });
    await service.line(/"msg":"listening"/);
    write('{');
    service.child.kill('SIGHUP');
    await service.line(/MERCHANTS_FILE is refused/);
    write({ acme, bolt: { PAYCOOLS_CALLBACK_SECRET: 'x' } });
    service.child.kill('SIGHUP');
    await service.line(/"merchant":"bolt"/);
  });

  it('prevents the start if it is invalid, and the error lists everything that is wrong', async () => {
    const { path } = merchantsFile({ acme: { PAYCOOLS_CALLBACK_SECRET: ' ' }, bolt: { PAYCOOLS_TIME_ZONE: 'hush' } });
    const service = runService({ MERCHANTS_FILE: path });
    expect(await service.ended).toBe(1);
    expect(service.lines).toEqual([
      'The configuration is not usable:',
      '  acme.PAYCOOLS_CALLBACK_SECRET must not be blank',
      '  bolt.PAYCOOLS_TIME_ZONE must be an IANA time zone such as Asia/Manila',
      'Every variable is in .env.example.',
    ]);
  });
});
