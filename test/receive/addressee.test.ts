import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signEnvelope } from '../../src/verify/callback.ts';
import { payoutFields, post } from '../support/callback.ts';
import { type Merchants, merchantsFile } from '../support/merchants-file.ts';
import { SECRET, startTestService } from '../support/service.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.publicKey.export({ format: 'pem', type: 'spki' }).toString();

const start = (merchants: Merchants) => startTestService({ env: { MERCHANTS_FILE: merchantsFile(merchants).path } });

describe('merchants that cannot be told apart', () => {
  const loadWith = (merchants: Merchants | string) => {
    const { path, write } = merchantsFile({});
    write(merchants);
    return startTestService({ env: { MERCHANTS_FILE: path }, waitsForReady: false });
  };

  it.each<readonly [string, Merchants | string, string]>([
    ['none at all', {}, 'MERCHANTS_FILE'],
    [
      'a secret of two',
      { a: { PAYCOOLS_CALLBACK_SECRET: 's3cret-both' }, b: { PAYCOOLS_CALLBACK_SECRET: 's3cret-both' } },
      'b',
    ],
    [
      "a previous secret that is the other one's",
      {
        a: { PAYCOOLS_CALLBACK_SECRET: 'one', PAYCOOLS_CALLBACK_SECRET_PREVIOUS: 's3cret-two' },
        b: { PAYCOOLS_CALLBACK_SECRET: 's3cret-two' },
      },
      'b',
    ],
    ['the secret of the default merchant', { a: { PAYCOOLS_CALLBACK_SECRET: SECRET } }, 'a'],
    [
      'an appId of two',
      {
        a: { PAYCOOLS_CALLBACK_SECRET: 'one', PAYCOOLS_APP_ID: 'S3CRET-APP' },
        b: { PAYCOOLS_CALLBACK_SECRET: 's3cret-two', PAYCOOLS_APP_ID: 'S3CRET-APP' },
      },
      'b',
    ],
  ])('are refused by name: %s', async (_what, merchants, name) => {
    const refused = await loadWith(merchants).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ConfigurationError', problems: [{ name }] });
    expect(JSON.stringify(refused)).not.toMatch(/s3cret/i);
  });
});

describe('an envelope', () => {
  const startTwo = () =>
    start({
      acme: { PAYCOOLS_CALLBACK_PUBLIC_KEY: pem, PAYCOOLS_APP_ID: 'APP-OF-ACME' },
      bolt: { PAYCOOLS_CALLBACK_PUBLIC_KEY: pem, PAYCOOLS_APP_ID: 'APP-OF-BOLT' },
      open: { PAYCOOLS_CALLBACK_PUBLIC_KEY: pem },
    });

  it.each([
    ['APP-OF-ACME', [200, 401, 200]],
    ['APP-OF-SOMEBODY-ELSE', [401, 401, 200]],
    [7, [401, 401, 200]],
    [{ id: 'APP-OF-ACME' }, [401, 401, 200]],
    ['', [200, 200, 200]],
    [null, [200, 200, 200]],
  ])('with the appId %j is accepted by the merchant who has it', async (appId, statuses) => {
    const { publicUrl } = await startTwo();
    const body = signEnvelope(payoutFields({ appId }), keys.privateKey);
    const posted = ['acme', 'bolt', 'open'].map((name) =>
      post(`${publicUrl}/merchants/${name}/callbacks/payout`, body),
    );
    expect((await Promise.all(posted)).map(({ status }) => status)).toEqual(statuses);
  });
});
