import { fail, ok, type Result } from '../core/result.ts';
import { type MerchantSettings, type ServiceSettings, serviceVariables } from './environment.ts';
import { apiSettingsOf } from './merchant-settings.ts';
import { merchantVariables } from './merchant-variables.ts';
import type { ValuesOf, Variable, VariableTable } from './variable.ts';

/** A problem with the configuration. It never contains the value of a variable. */
export type ConfigProblem = { readonly name: string; readonly problem: string };

/** The configuration cannot be used: a merchant is wrong, or a package is missing. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('the configuration cannot be used');
    this.problems = problems;
  }
}

/** Where variables are read from: the environment, and the files that `…_FILE` variables name. */
export type ConfigSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
};

/** The whole configuration. */
export type Settings = {
  readonly service: ServiceSettings;
  /** The merchant of the environment; null if all merchants are in MERCHANTS_FILE. */
  readonly merchant: MerchantSettings | null;
};

type Loaded<Value> = Result<Value, readonly ConfigProblem[]>;

/** A secret file usually ends with a line break that is not part of the secret. */
const withoutLineBreak = (content: string): string => content.replace(/\r?\n$/, '');

type Reading = { readonly name: string; readonly variable: Variable<unknown>; readonly source: ConfigSource };

/** An empty variable counts as not set, unless it is a secret: that is a mistake and is refused later. */
const rawText = ({ name, variable, source }: Reading): Result<string | undefined, string> => {
  const { hasFile, fallback } = variable;
  const isSecret = hasFile && fallback === '';
  const value = source.env[name];
  const path = hasFile ? source.env[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return ok(value === '' && !isSecret ? undefined : value);
  if (value !== undefined) return fail(`is set, and so is ${name}_FILE: use one of the two`);
  try {
    return ok(withoutLineBreak(source.readFile(path)));
  } catch {
    return fail(`the file that ${name}_FILE names cannot be read`);
  }
};

const readOne = (reading: Reading): Result<unknown, string> => {
  const raw = rawText(reading);
  if (!raw.ok) return raw;
  const read = reading.variable.read.safeParse(raw.value);
  return read.success ? ok(read.data) : fail(read.error.issues.map(({ message }) => message).join('; '));
};

/** Reads a table of variables, or returns all problems with them. */
export const readTable = <Variables extends VariableTable>(
  table: Variables,
  source: ConfigSource,
): Loaded<ValuesOf<Variables>> => {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, variable] of Object.entries(table)) {
    const read = readOne({ name, variable, source });
    if (read.ok) values[name] = read.value;
    else problems.push({ name, problem: read.error });
  }
  return problems.length > 0 ? fail(problems) : ok(values as ValuesOf<Variables>); // each name was read without a problem
};

const KEY_VARIABLES = ['PAYCOOLS_CALLBACK_SECRET', 'PAYCOOLS_CALLBACK_PUBLIC_KEY'] as const;

const keyProblems = (merchant: MerchantSettings): ConfigProblem[] => {
  const skipped = KEY_VARIABLES.filter((name) => merchant[name] === null && merchant[`${name}_PREVIOUS`] !== null);
  if (skipped.length > 0) {
    return skipped.map((name) => ({ name, problem: `is missing although ${name}_PREVIOUS is set` }));
  }
  if (KEY_VARIABLES.some((name) => merchant[name] !== null)) return [];
  const problem =
    'is missing: set it, or PAYCOOLS_CALLBACK_SECRET_FILE, to the callback secret of the PayCools back office';
  return [{ name: 'PAYCOOLS_CALLBACK_SECRET', problem }];
};

const API_VARIABLES = ['PAYCOOLS_BASE_URL', 'PAYCOOLS_APP_ID', 'PAYCOOLS_PRIVATE_KEY'] as const;

/**
 * Calls to PayCools need all of these variables; a merchant that only receives needs none. PAYCOOLS_APP_ID may be set
 * alone, because the appId of envelopes is compared with it.
 */
const apiProblems = (merchant: MerchantSettings): ConfigProblem[] => {
  const missing = API_VARIABLES.filter((name) => merchant[name] === '' || merchant[name] === null);
  const makesNoCalls = merchant.PAYCOOLS_BASE_URL === '' && merchant.PAYCOOLS_PRIVATE_KEY === null;
  if (makesNoCalls && merchant.CONFIRM.kind === 'off') return [];
  return missing.map((name) => ({ name, problem: `is missing: calls to PayCools need ${API_VARIABLES.join(', ')}` }));
};

/** Reads the configuration of one merchant. */
export const loadMerchant = (source: ConfigSource): Loaded<MerchantSettings> => {
  const merchant = readTable(merchantVariables, source);
  if (!merchant.ok) return merchant;
  const problems = [...keyProblems(merchant.value), ...apiProblems(merchant.value)];
  return problems.length === 0 ? merchant : fail(problems);
};

const hasMerchant = ({ env }: ConfigSource): boolean =>
  Object.entries(merchantVariables).some(([name, { hasFile }]) =>
    hasFile ? env[name] !== undefined || env[`${name}_FILE`] !== undefined : false,
  );

/** WAIT counts the replicas of one connection's writes, and a cluster has a connection for each node. */
const durabilityProblem = ({ DURABILITY: durability, REDIS_URL: address }: ServiceSettings): string | null =>
  durability.level === 'replicas' && address.kind === 'cluster'
    ? 'cannot be replicas:N with a cluster: use fsync, and set min-replicas-to-write on its nodes'
    : null;

/** Payments that the ledger has forgotten would be reported as missing. */
const lookbackProblem = (settings: ServiceSettings): string | null => {
  const { RECONCILE_SCHEDULE: schedule, RECONCILE_LOOKBACK_HOURS: hours, DEDUPLICATION_DAYS: days } = settings;
  const maxHours = (days - 1) * 24;
  return schedule !== '' && hours > maxHours ? `must be at most ${maxHours}, a day less than DEDUPLICATION_DAYS` : null;
};

const serviceProblems = (settings: ServiceSettings): ConfigProblem[] =>
  [
    { name: 'DURABILITY', problem: durabilityProblem(settings) },
    { name: 'RECONCILE_LOOKBACK_HOURS', problem: lookbackProblem(settings) },
  ].flatMap(({ name, problem }) => (problem === null ? [] : [{ name, problem }]));

/** The problem with a schedule when no merchant can call PayCools; otherwise null. */
export const scheduleProblem = (
  { RECONCILE_SCHEDULE: schedule }: ServiceSettings,
  merchants: readonly MerchantSettings[],
): ConfigProblem | null =>
  schedule === '' || merchants.some((it) => apiSettingsOf(it) !== null)
    ? null
    : {
        name: 'RECONCILE_SCHEDULE',
        problem: `needs a merchant that can call PayCools: set ${API_VARIABLES.join(', ')}, or leave it empty`,
      };

const merchantsIn = (merchant: MerchantSettings | null): MerchantSettings[] => (merchant === null ? [] : [merchant]);

/** Adds the sentinels' credentials to REDIS_URL, so that it is all that a connection needs. */
const withSentinelCredentials = (settings: ServiceSettings): ServiceSettings => {
  const { REDIS_URL: address, REDIS_SENTINEL_USERNAME: username, REDIS_SENTINEL_PASSWORD: password } = settings;
  if (address.kind !== 'sentinel') return settings;
  const credentials = {
    ...(username === null ? {} : { sentinelUsername: username.reveal() }),
    ...(password === null ? {} : { sentinelPassword: password.reveal() }),
  };
  return { ...settings, REDIS_URL: { ...address, ...credentials } };
};

/** Reads the whole configuration, or returns all its problems at once, by name and without values. */
export const loadSettings = (source: ConfigSource): Loaded<Settings> => {
  const service = readTable(serviceVariables, source);
  const needsMerchant = (source.env['MERCHANTS_FILE'] ?? '') === '' || hasMerchant(source);
  const merchant = needsMerchant ? loadMerchant(source) : ok(null);
  const across = service.ok ? serviceProblems(service.value) : service.error;
  const isAlone = service.ok && service.value.MERCHANTS_FILE === ''; // otherwise the merchants of the file count too
  const schedule = isAlone && merchant.ok ? scheduleProblem(service.value, merchantsIn(merchant.value)) : null;
  const problems = [...(merchant.ok ? [] : merchant.error), ...across, ...(schedule === null ? [] : [schedule])];
  if (service.ok && merchant.ok && problems.length === 0)
    return ok({ service: withSentinelCredentials(service.value), merchant: merchant.value });
  return fail(problems);
};
