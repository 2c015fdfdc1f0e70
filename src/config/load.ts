import { fail, ok, type Result } from '../core/result.ts';
import { type MerchantSettings, type ServiceSettings, serviceVariables, type ValuesOf } from './environment.ts';
import { apiSettingsOf } from './merchant-settings.ts';
import { merchantVariables } from './merchant-variables.ts';
import type { Variable } from './variable.ts';

/** Something wrong with the configuration. It never holds a value. */
export type ConfigProblem = { readonly name: string; readonly problem: string };

/** Where the texts come from: the environment, and files for the `…_FILE` twins of secrets and keys. */
export type ConfigSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
};

/** The whole configuration. */
export type Settings = {
  readonly service: ServiceSettings;
  /** The merchant of the environment; null where all are in MERCHANTS_FILE. */
  readonly merchant: MerchantSettings | null;
};

type Table = Readonly<Record<string, Variable<unknown>>>;
type Loaded<Value> = Result<Value, readonly ConfigProblem[]>;

/** A secret file usually ends with a line break that is not part of the secret. */
const withoutLineBreak = (content: string): string => content.replace(/\r?\n$/, '');

type Reading = { readonly name: string; readonly variable: Variable<unknown>; readonly source: ConfigSource };

/** An empty text means that the variable is not set; an empty secret is a mistake, so it is refused. */
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

/** Reads a table of variables, or returns everything that is wrong with them. */
export const readTable = <Variables extends Table>(
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

const keyProblem = (merchant: MerchantSettings): string | null => {
  const { PAYCOOLS_CALLBACK_SECRET: secret, PAYCOOLS_CALLBACK_PUBLIC_KEY: key } = merchant;
  if (merchant.PAYCOOLS_CALLBACK_SECRET_PREVIOUS !== null && secret === null) {
    return 'is missing although PAYCOOLS_CALLBACK_SECRET_PREVIOUS is set';
  }
  if (merchant.PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS !== null && key === null) {
    return 'is missing although there is a previous public key; set PAYCOOLS_CALLBACK_PUBLIC_KEY';
  }
  if (secret !== null || key !== null) return null;
  return 'is missing: set it, or PAYCOOLS_CALLBACK_SECRET_FILE, to the callback secret of the PayCools back office';
};

const API = ['PAYCOOLS_BASE_URL', 'PAYCOOLS_APP_ID', 'PAYCOOLS_PRIVATE_KEY'] as const;

/**
 * Calls to PayCools need all of these; a merchant whose service only receives needs none. Receiving uses the appId alone:
 * it is compared with that of an envelope.
 */
const apiProblems = (merchant: MerchantSettings): ConfigProblem[] => {
  const missing = API.filter((name) => merchant[name] === '' || merchant[name] === null);
  const callsNothing = merchant.PAYCOOLS_BASE_URL === '' && merchant.PAYCOOLS_PRIVATE_KEY === null;
  if (callsNothing && merchant.CONFIRM.kind === 'off') return [];
  return missing.map((name) => ({ name, problem: `is missing: calls to PayCools need ${API.join(', ')}` }));
};

/** Reads what belongs to one merchant. */
export const loadMerchant = (source: ConfigSource): Loaded<MerchantSettings> => {
  const merchant = readTable(merchantVariables, source);
  if (!merchant.ok) return merchant;
  const problem = keyProblem(merchant.value);
  const problems = [
    ...(problem === null ? [] : [{ name: 'PAYCOOLS_CALLBACK_SECRET', problem }]),
    ...apiProblems(merchant.value),
  ];
  return problems.length === 0 ? merchant : fail(problems);
};

const hasMerchant = ({ env }: ConfigSource): boolean =>
  Object.entries(merchantVariables).some(([name, { hasFile }]) =>
    hasFile ? env[name] !== undefined || env[`${name}_FILE`] !== undefined : false,
  );

/** WAIT counts the replicas of one connection's writes, and a cluster has a connection for each node. */
const durabilityProblem = ({ DURABILITY: durability, REDIS_URL: address }: ServiceSettings): string | null =>
  durability.level === 'replicas' && address.kind === 'cluster'
    ? 'cannot be replicas:N with a cluster: set min-replicas-to-write in its nodes, and fsync here'
    : null;

/** What the ledger no longer remembers would be reported as missing. */
const lookbackProblem = (settings: ServiceSettings): string | null => {
  const { RECONCILE_SCHEDULE: schedule, RECONCILE_LOOKBACK_HOURS: hours, DEDUPLICATION_DAYS: days } = settings;
  const most = (days - 1) * 24;
  return schedule !== '' && hours > most ? `must be at most ${most}, a day less than DEDUPLICATION_DAYS` : null;
};

const serviceProblems = (settings: ServiceSettings): ConfigProblem[] =>
  [
    { name: 'DURABILITY', problem: durabilityProblem(settings) },
    { name: 'RECONCILE_LOOKBACK_HOURS', problem: lookbackProblem(settings) },
  ].flatMap(({ name, problem }) => (problem === null ? [] : [{ name, problem }]));

/** Why a schedule cannot be kept: no merchant can ask PayCools. Null where one can, or where there is no schedule. */
export const scheduleProblem = (
  { RECONCILE_SCHEDULE: schedule }: ServiceSettings,
  merchants: readonly MerchantSettings[],
): ConfigProblem | null =>
  schedule === '' || merchants.some((it) => apiSettingsOf(it) !== null)
    ? null
    : { name: 'RECONCILE_SCHEDULE', problem: `needs calls to PayCools: set ${API.join(', ')}, or leave it empty` };

const merchantsIn = (merchant: MerchantSettings | null): MerchantSettings[] => (merchant === null ? [] : [merchant]);

/** REDIS_URL with what the sentinels ask for, so that whoever connects needs one value only. */
const withSentinelCredentials = (settings: ServiceSettings): ServiceSettings => {
  const { REDIS_URL: address, REDIS_SENTINEL_USERNAME: username, REDIS_SENTINEL_PASSWORD: password } = settings;
  if (address.kind !== 'sentinel') return settings;
  const credentials = {
    ...(username === null ? {} : { sentinelUsername: username.reveal() }),
    ...(password === null ? {} : { sentinelPassword: password.reveal() }),
  };
  return { ...settings, REDIS_URL: { ...address, ...credentials } };
};

/** Reads the whole configuration, or returns everything that is wrong with it at once, by name and without values. */
export const loadSettings = (source: ConfigSource): Loaded<Settings> => {
  const service = readTable(serviceVariables, source);
  const needsMerchant = (source.env['MERCHANTS_FILE'] ?? '') === '' || hasMerchant(source);
  const merchant = needsMerchant ? loadMerchant(source) : ok(null);
  const across = service.ok ? serviceProblems(service.value) : service.error;
  const isAlone = service.ok && service.value.MERCHANTS_FILE === ''; // else its file decides as well
  const schedule = isAlone && merchant.ok ? scheduleProblem(service.value, merchantsIn(merchant.value)) : null;
  const problems = [...(merchant.ok ? [] : merchant.error), ...across, ...(schedule === null ? [] : [schedule])];
  if (service.ok && merchant.ok && problems.length === 0)
    return ok({ service: withSentinelCredentials(service.value), merchant: merchant.value });
  return fail(problems);
};
