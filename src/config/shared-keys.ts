import type { Merchant } from '../receive/ports.ts';
import type { MerchantSettings } from './environment.ts';
import type { ConfigProblem } from './load.ts';

type Configured = {
  readonly merchant: Pick<Merchant, 'keys'>;
  readonly settings: Pick<MerchantSettings, 'PAYCOOLS_APP_ID'>;
};

/** The first merchant with each value, and a problem for every other one. */
const problemsOf = (owners: Iterable<readonly [name: string, value: string]>, what: string): ConfigProblem[] => {
  const first = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const [name, value] of owners) {
    const owner = first.get(value) ?? name;
    first.set(value, owner);
    if (owner !== name)
      problems.push({
        name,
        problem: `has the same ${what} as ${owner}: what is signed for one would be taken for both`,
      });
  }
  return problems;
};

/**
 * Merchants that share a callback secret or an appId: nothing would prove for which of them a callback is. Values are
 * never shown.
 */
export const sharedKeyProblems = (merchants: ReadonlyMap<string, Configured>): readonly ConfigProblem[] => {
  const all = [...merchants];
  const secrets = all.flatMap(([name, { merchant }]) =>
    merchant.keys.secrets.map((secret) => [name, secret.reveal()] as const),
  );
  const appIds = all.flatMap(([name, { settings }]) =>
    settings.PAYCOOLS_APP_ID === '' ? [] : [[name, settings.PAYCOOLS_APP_ID] as const],
  );
  return [...problemsOf(secrets, 'callback secret'), ...problemsOf(appIds, 'PAYCOOLS_APP_ID')];
};
