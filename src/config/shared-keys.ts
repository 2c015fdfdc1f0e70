import type { Merchant } from '../receive/ports.ts';
import type { MerchantSettings } from './environment.ts';
import type { ConfigProblem } from './load.ts';

type Configured = {
  readonly merchant: Pick<Merchant, 'keys'>;
  readonly settings: Pick<MerchantSettings, 'PAYCOOLS_APP_ID'>;
};

/** A problem for every merchant that has the value of an earlier one. */
const problemsOf = (owners: Iterable<readonly [name: string, value: string]>, kind: string): ConfigProblem[] => {
  const first = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const [name, value] of owners) {
    const owner = first.get(value) ?? name;
    first.set(value, owner);
    if (owner !== name)
      problems.push({
        name,
        problem: `has the same ${kind} as ${owner}: a callback for one would be accepted for both`,
      });
  }
  return problems;
};

/**
 * Problems with merchants that share a callback secret or an appId, because nothing would prove which of them a callback
 * is meant for. Values are never shown.
 */
export const sharedKeyProblems = (merchants: ReadonlyMap<string, Configured>): readonly ConfigProblem[] => {
  const entries = [...merchants];
  const secrets = entries.flatMap(([name, { merchant }]) =>
    merchant.keys.secrets.map((secret) => [name, secret.reveal()] as const),
  );
  const appIds = entries.flatMap(([name, { settings }]) =>
    settings.PAYCOOLS_APP_ID === '' ? [] : [[name, settings.PAYCOOLS_APP_ID] as const],
  );
  return [...problemsOf(secrets, 'callback secret'), ...problemsOf(appIds, 'PAYCOOLS_APP_ID')];
};
