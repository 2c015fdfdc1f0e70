import { apiVariables } from '../config/api-variables.ts';
import { forwardVariables, type ServiceSettings } from '../config/environment.ts';
import { listenerVariables } from '../config/listener-variables.ts';
import { type ConfigProblem, type ConfigSource, loadMerchant, loadSettings, readTable } from '../config/load.ts';
import { MerchantDirectory } from '../config/merchant-directory.ts';
import { type ApiSettings, apiSettingsOf, keysOf } from '../config/merchant-settings.ts';
import { merchantVariables } from '../config/merchant-variables.ts';
import { storageVariables } from '../config/storage-variables.ts';
import type { Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';
import type { CallbackKeys } from '../verify/verify.ts';
import { CommandError, type Io, UsageError } from './io.ts';
import { didYouMean } from './suggest.ts';

type Loaded<Value> = Result<Value, readonly ConfigProblem[]>;

const valueOrFail = <Value>(loaded: Loaded<Value>): Value => {
  if (loaded.ok) return loaded.value;
  throw new CommandError(loaded.error.map(({ name, problem }) => `${name} ${problem}`).join('\n'));
};

type Configuration = { readonly settings: ServiceSettings; readonly merchants: MerchantDirectory };

/**
 * Reads the configuration of the service and opens its merchants, which the stack closes.
 *
 * @param merchant must be configured, if it is given
 * @throws UsageError if `merchant` is not configured
 * @throws CommandError if the configuration is wrong
 */
export const openConfiguration = (
  stack: AsyncDisposableStack,
  { env, readFile }: Io,
  merchant?: string,
): Configuration => {
  const settings = valueOrFail(loadSettings({ env, readFile }));
  const opened = MerchantDirectory.open({ settings, readFile });
  const merchants = stack.use(valueOrFail(opened));
  if (merchant !== undefined && !merchants.names.includes(merchant)) {
    const hint = didYouMean(merchant, merchants.names) || `; configured: ${merchants.names.join(', ')}`;
    throw new UsageError(`--merchant ${merchant} is not configured${hint}`);
  }
  return { settings: settings.service, merchants };
};

const { PAYCOOLS_CALLBACK_SECRET, PAYCOOLS_TIME_ZONE } = merchantVariables;
const clientVariables = { ...apiVariables, PAYCOOLS_TIME_ZONE };

/** Reads the settings of the API client from the environment. */
export const clientSettings = (source: ConfigSource): ApiSettings => {
  const settings = valueOrFail(readTable(clientVariables, source));
  const { PAYCOOLS_PRIVATE_KEY, PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID } = settings;
  const missing = Object.entries({ PAYCOOLS_BASE_URL, PAYCOOLS_APP_ID, PAYCOOLS_PRIVATE_KEY })
    .filter(([, value]) => value === '' || value === null)
    .map(([name]) => `${name} is missing`);
  const api = apiSettingsOf(settings);
  if (missing.length > 0 || api === null) throw new CommandError(missing.join('\n'));
  return api;
};

/** Reads the callback secret from the environment. */
export const callbackSecret = (source: ConfigSource): Secret => {
  const { PAYCOOLS_CALLBACK_SECRET: secret } = valueOrFail(readTable({ PAYCOOLS_CALLBACK_SECRET }, source));
  if (secret === null) throw new CommandError('PAYCOOLS_CALLBACK_SECRET is missing');
  return secret;
};

/** Reads the keys that callbacks are verified with from the environment. */
export const callbackKeys = (source: ConfigSource): CallbackKeys => keysOf(valueOrFail(loadMerchant(source)));

const { PAYCOOLS_PRIVATE_KEY } = apiVariables;

/** Reads the merchant's private key from the environment; null if it is not set. */
export const privateKey = (source: ConfigSource): Secret | null =>
  valueOrFail(readTable({ PAYCOOLS_PRIVATE_KEY }, source)).PAYCOOLS_PRIVATE_KEY;

const { OPS_HOST, OPS_PORT, OPS_TOKEN, OPS_OPERATORS } = listenerVariables;

/** Reads the address and tokens of the operations listener from the environment. */
export const operationsSettings = (source: ConfigSource) =>
  valueOrFail(readTable({ OPS_HOST, OPS_PORT, OPS_TOKEN, OPS_OPERATORS }, source));

const { REDIS_URL, QUEUE_PREFIX } = storageVariables;

/** Reads the settings of `paycools forward` from the environment. */
export const workerSettings = (source: ConfigSource) =>
  valueOrFail(readTable({ REDIS_URL, QUEUE_PREFIX, ...forwardVariables }, source));
