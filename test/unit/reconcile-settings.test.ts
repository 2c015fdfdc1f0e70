import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { PRIVATE_KEY } from '../sandbox/support.ts';

const noFile = (): string => {
  throw new Error('ENOENT');
};

const load = (env: Record<string, string>) => loadSettings({ env, readFile: noFile });

const secret = { PAYCOOLS_CALLBACK_SECRET: 'hush' };

describe('the settings of reconciliation', () => {
  const api = { PAYCOOLS_BASE_URL: 'https://api-uat.paycools.com/', PAYCOOLS_APP_ID: 'app1' };
  const key = { PAYCOOLS_PRIVATE_KEY: PRIVATE_KEY };

  it('may be left out', () => {
    const loaded = load(secret);
    expect(loaded.ok && { ...loaded.value.merchant, ...loaded.value.service }).toMatchObject({
      PAYCOOLS_BASE_URL: '',
      PAYCOOLS_PRIVATE_KEY: null,
      RECONCILE_SCHEDULE: '',
      RECONCILE_LOOKBACK_HOURS: 48,
      RECONCILE_RATE: 5,
      RECONCILE_DEPTH: 'full',
    });
  });

  it('keep the private key a secret', () => {
    const loaded = load({ ...secret, ...api, ...key });
    expect(loaded.ok && loaded.value.merchant?.PAYCOOLS_BASE_URL).toBe('https://api-uat.paycools.com');
    expect(JSON.stringify(loaded)).not.toContain('PRIVATE KEY');
  });

  it('are refused if some are missing or invalid', () => {
    const loaded = load({ ...secret, ...api });
    expect(!loaded.ok && loaded.error.map(({ name }) => name)).toEqual(['PAYCOOLS_PRIVATE_KEY']);
    const wrong = { PAYCOOLS_BASE_URL: 'http://api.paycools.com', PAYCOOLS_PRIVATE_KEY: 'x', PAYCOOLS_APP_ID: 'a b' };
    const refused = load({ ...secret, ...wrong, RECONCILE_SCHEDULE: 'daily', RECONCILE_RATE: '0' });
    expect(!refused.ok && refused.error.map(({ name }) => name).sort()).toEqual([
      'PAYCOOLS_APP_ID',
      'PAYCOOLS_BASE_URL',
      'PAYCOOLS_PRIVATE_KEY',
      'RECONCILE_RATE',
      'RECONCILE_SCHEDULE',
    ]);
  });

  it('are required for confirmation', () => {
    expect(load({ ...secret, CONFIRM: 'off' }).ok).toBe(true);
    const loaded = load({ ...secret, CONFIRM: 'always' });
    expect(!loaded.ok && loaded.error.map(({ name }) => name)).toEqual([
      'PAYCOOLS_BASE_URL',
      'PAYCOOLS_APP_ID',
      'PAYCOOLS_PRIVATE_KEY',
    ]);
  });

  it.each([
    ['15 3 * * *', true],
    ['*/15 0-6,22 1,15 * 1-5', true],
    ['  0  3 * *  0 ', true],
    ['60 3 * * *', false],
    ['0 24 * * *', false],
    ['0 3 * *', false],
    ['0 5-3 * * *', false],
    ['*/0 * * * *', false],
    ['@daily', false],
  ])('accept %j as a schedule: %s', (RECONCILE_SCHEDULE, isOne) => {
    expect(load({ ...secret, ...api, ...key, RECONCILE_SCHEDULE }).ok).toBe(isOne);
  });

  it('require API settings for a schedule', () => {
    const loaded = load({ ...secret, RECONCILE_SCHEDULE: '15 3 * * *' });
    const [problem] = loaded.ok ? [] : loaded.error;
    expect(problem?.name).toBe('RECONCILE_SCHEDULE');
    expect(problem?.problem).toContain('set PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID, PAYCOOLS_PRIVATE_KEY');
  });

  it('do not look back further than the ledger reaches', () => {
    const short = { ...secret, ...api, ...key, DEDUPLICATION_DAYS: '2', RECONCILE_LOOKBACK_HOURS: '25' };
    expect(load(short).ok).toBe(true);
    const loaded = load({ ...short, RECONCILE_SCHEDULE: '0 3 * * *' });
    expect(!loaded.ok && loaded.error[0]?.problem).toBe('must be at most 24, a day less than DEDUPLICATION_DAYS');
  });
});
