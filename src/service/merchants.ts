import { unwatchFile, watchFile as watch } from 'node:fs';
import { type ConfigProblem, type ConfigSource, ConfigurationError, type Settings } from '../config/load.ts';
import { type KeyInfo, MerchantDirectory } from '../config/merchant-directory.ts';
import type { ServiceContext } from './context.ts';

/** Polling interval, in milliseconds. File events would miss how Kubernetes swaps mounted files. */
const POLL_MS = 1000;

const watchFile = (path: string, onChange: () => void): Disposable => {
  watch(path, { interval: POLL_MS, persistent: false }, onChange);
  return { [Symbol.dispose]: () => unwatchFile(path, onChange) };
};

export type MerchantsOptions = Pick<ServiceContext, 'logger' | 'metrics'> & {
  readonly settings: Settings;
  readonly readFile: ConfigSource['readFile'];
};

export type OpenMerchants = {
  readonly merchants: MerchantDirectory;
  /** Why the merchants are not those of MERCHANTS_FILE; null if they are. */
  readonly problem: () => string | null;
};

/**
 * Opens the merchants and reloads them whenever MERCHANTS_FILE changes. Their keys are logged and exported as metrics.
 *
 * @throws ConfigurationError
 */
export const openMerchants = (stack: AsyncDisposableStack, options: MerchantsOptions): OpenMerchants => {
  const { settings, readFile, logger, metrics } = options;
  let problem: string | null = null;
  const onLoaded = (keys: readonly KeyInfo[]): void => {
    problem = null;
    metrics.keyInfo.reset();
    for (const key of keys) metrics.keyInfo.set(key, 1);
    logger.info({ keys }, 'merchants are loaded');
  };
  const onRefused = (problems: readonly ConfigProblem[]): void => {
    problem = 'MERCHANTS_FILE is refused and the previous merchants stay in force: the log says what to fix.';
    logger.error({ problems }, 'MERCHANTS_FILE is refused; the previous merchants stay in force');
  };
  const opened = MerchantDirectory.open({ settings, readFile, watchFile, onLoaded, onRefused });
  if (!opened.ok) throw new ConfigurationError(opened.error);
  return { merchants: stack.use(opened.value), problem: () => problem };
};
