import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generateMerchantKeyPair } from '../../src/client/index.ts';
import { paycools } from '../cli/support.ts';
import { APP_ID, sandboxWith } from '../sandbox/support.ts';
import { disposeWithTest } from '../support/dispose.ts';
import { temporaryFolder } from '../support/folder.ts';
import { merchantsFile } from '../support/merchants-file.ts';
import type { ReceiverProcess } from '../support/receiver-process.ts';
import { until } from '../support/until.ts';
import { countWaiting, sendPayout, startReceiver, startRedisOn } from './drill-support.ts';

const [OLD, NEW] = ['old-secret-not-real', 'new-secret-not-real'];
let count = 0;

/** Posts a new callback signed with this secret. Returns the status. */
const send = (receiver: ReceiverProcess, secret: string): Promise<number> => {
  count += 1;
  return sendPayout(receiver, `ROTATION${count}`, secret);
};

describe('the rotation of docs/upgrading.md', () => {
  it('changes a callback secret in MERCHANTS_FILE without a restart and without losing a callback', async () => {
    const redis = await startRedisOn(temporaryFolder());
    const merchants = (secrets: Record<string, string>) => ({ default: secrets });
    const file = merchantsFile(merchants({ PAYCOOLS_CALLBACK_SECRET: OLD }));
    const receiver = await startReceiver(redis.url, { MERCHANTS_FILE: resolve(file.path) });
    expect(await send(receiver, OLD)).toBe(200);
    file.write(merchants({ PAYCOOLS_CALLBACK_SECRET: NEW, PAYCOOLS_CALLBACK_SECRET_PREVIOUS: OLD }));
    const takesNew = async () => (await send(receiver, NEW)) === 200;
    await until(takesNew, { what: 'the new secret is known', timeoutMs: 10_000 });
    expect(await send(receiver, OLD)).toBe(200); // PayCools still signs with it
    file.write(merchants({ PAYCOOLS_CALLBACK_SECRET: NEW }));
    const refusesOld = async () => (await send(receiver, OLD)) === 401;
    await until(refusesOld, { what: 'the old secret is no longer valid', timeoutMs: 10_000 });
    expect(await send(receiver, NEW)).toBe(200);
  }, 60_000);

  it('changes secrets and the Redis password by restarting one receiver after another', async () => {
    const redis = await startRedisOn(temporaryFolder());
    const admin = new Redis(redis.url);
    onTestFinished(() => admin.disconnect());
    await admin.call('ACL', 'SETUSER', 'paycools', 'on', '>old', '~*', '&*', '+@all');
    const urlWith = (password: string) => `redis://paycools:${password}@127.0.0.1:${redis.port}`;
    const before = { PAYCOOLS_CALLBACK_SECRET: OLD };
    const first = await startReceiver(urlWith('old'), before);
    const second = await startReceiver(urlWith('old'), before);

    await admin.call('ACL', 'SETUSER', 'paycools', '>new');
    const after = { PAYCOOLS_CALLBACK_SECRET: NEW, PAYCOOLS_CALLBACK_SECRET_PREVIOUS: OLD };
    const replace = async (old: ReceiverProcess, other: ReceiverProcess): Promise<ReceiverProcess> => {
      expect(await old.terminate()).toBe(0);
      expect(await send(other, OLD)).toBe(200);
      return startReceiver(urlWith('new'), after);
    };
    const firstAfter = await replace(first, second);
    const secondAfter = await replace(second, firstAfter);
    await admin.call('ACL', 'SETUSER', 'paycools', '<old');
    for (const receiver of [firstAfter, secondAfter])
      for (const secret of [OLD, NEW]) expect(await send(receiver, secret)).toBe(200);
    expect(await countWaiting(redis.url)).toBe(6);
    const late = new Redis(urlWith('old'), { lazyConnect: true, retryStrategy: () => null });
    late.on('error', () => undefined);
    await expect(late.connect()).rejects.toThrow();
  }, 60_000);

  it('changes the private key, which the doctor then checks with a signed call', async () => {
    const redis = await startRedisOn(temporaryFolder());
    const { privateKey, publicKey } = await generateMerchantKeyPair();
    const doctorWith = async (PAYCOOLS_BASE_URL: string): Promise<string> => {
      const env = {
        ...{ REDIS_URL: redis.url, PAYCOOLS_CALLBACK_SECRET: NEW, SPOOL_DIR: 'off', PORT: '0', OPS_PORT: '0' },
        ...{ PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID: APP_ID, PAYCOOLS_PRIVATE_KEY: privateKey.reveal() },
      };
      return (await paycools(['doctor'], { env })).out;
    };
    const notUploaded = disposeWithTest(await sandboxWith({ callbackSecret: NEW }));
    expect(await doctorWith(notUploaded.url)).toContain('PayCools refuses the signature (1003)');
    const uploaded = disposeWithTest(await sandboxWith({ callbackSecret: NEW, publicKey }));
    expect(await doctorWith(uploaded.url)).not.toMatch(/1003|FAIL/);
  }, 60_000);
});
