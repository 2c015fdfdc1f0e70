import { ruleHolds } from '../core/confirm-rule.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Merchant, Merchants } from '../receive/ports.ts';
import { canConfirm } from '../reconcile/confirm.ts';
import { publicKeyFingerprint, secretFingerprint } from '../verify/keys.ts';
import type { Scheme } from '../verify/verify.ts';
import { anyAddress } from './address-list.ts';
import type { MerchantSettings } from './environment.ts';
import { type ConfigProblem, type ConfigSource, type Settings, scheduleProblem } from './load.ts';
import { apiSettingsOf, keysOf } from './merchant-settings.ts';
import { parseMerchants } from './merchants-file.ts';
import { sharedKeyProblems } from './shared-keys.ts';

/** Identifies a key in use, for logs and metrics, without revealing it. */
export type KeyInfo = { readonly merchant: string; readonly scheme: Scheme; readonly fingerprint: string };

export type MerchantDirectoryOptions = {
  readonly settings: Settings;
  readonly readFile: ConfigSource['readFile'];
  /** Calls `onChange` whenever the file changes, until it is disposed. If absent, the merchants are read once. */
  readonly watchFile?: (path: string, onChange: () => void) => Disposable;
  /** Called with the keys of all merchants whenever they have been read, the first time included. */
  readonly onLoaded?: (keys: readonly KeyInfo[]) => void;
  /** Called with the reasons when a changed file is refused; the previous merchants stay in force. */
  readonly onRefused?: (problems: readonly ConfigProblem[]) => void;
};

/** The merchants of this service, reloaded when their file changes. A broken file leaves the previous ones in force. */
export class MerchantDirectory implements Merchants, Disposable {
  readonly #options: MerchantDirectoryOptions;
  readonly #stack = new DisposableStack();
  #merchants: ReadonlyMap<string, Configured> = new Map();

  private constructor(options: MerchantDirectoryOptions) {
    this.#options = options;
  }

  /** Reads all merchants and starts to watch their file, or returns why they cannot be read. */
  static open(options: MerchantDirectoryOptions): Result<MerchantDirectory, readonly ConfigProblem[]> {
    const directory = new MerchantDirectory(options);
    const problems = directory.#load();
    if (problems.length > 0) return fail(problems);
    const path = options.settings.service.MERCHANTS_FILE;
    if (path !== '') directory.#stack.use(options.watchFile?.(path, () => directory.reload()));
    return ok(directory);
  }

  find(name: string): Merchant | undefined {
    return this.#merchants.get(name)?.merchant;
  }

  /** The configuration of a merchant. */
  settingsOf(name: string): MerchantSettings | undefined {
    return this.#merchants.get(name)?.settings;
  }

  /** Names of all merchants. */
  get names(): readonly string[] {
    return [...this.#merchants.keys()];
  }

  /** Reads the file again. */
  reload(): void {
    const problems = this.#load();
    if (problems.length > 0) this.#options.onRefused?.(problems);
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }

  #load(): readonly ConfigProblem[] {
    const loaded = loadAll(this.#options);
    if (!loaded.ok) return loaded.error;
    this.#merchants = loaded.value;
    this.#options.onLoaded?.([...loaded.value.values()].flatMap(({ merchant }) => keyInfosOf(merchant)));
    return [];
  }
}

/** A merchant as the receiver sees it, with its whole configuration. */
type Configured = { readonly merchant: Merchant; readonly settings: MerchantSettings };

type Loaded = Result<ReadonlyMap<string, Configured>, readonly ConfigProblem[]>;

/** Reads the merchant of the environment and those of MERCHANTS_FILE. */
const loadAll = ({ settings, readFile }: MerchantDirectoryOptions): Loaded => {
  const merchants = new Map<string, Configured>();
  if (settings.merchant !== null) merchants.set('default', configured('default', settings.merchant));
  const path = settings.service.MERCHANTS_FILE;
  if (path === '') return ok(merchants);
  const content = readContent(path, readFile);
  if (content === null) return fail([{ name: 'MERCHANTS_FILE', problem: 'cannot be read' }]);
  const parsed = parseMerchants(content, readFile);
  if (!parsed.ok) return parsed;
  for (const [name, merchant] of parsed.value) {
    if (merchants.has(name))
      return fail([{ name, problem: 'is defined both in MERCHANTS_FILE and in the environment' }]);
    merchants.set(name, configured(name, merchant));
  }
  const all = [...merchants.values()].map((it) => it.settings);
  const schedule = scheduleProblem(settings.service, all);
  const problems = [...(schedule === null ? [] : [schedule]), ...sharedKeyProblems(merchants)];
  return problems.length === 0 ? ok(merchants) : fail(problems);
};

const readContent = (path: string, readFile: ConfigSource['readFile']): string | null => {
  try {
    return readFile(path);
  } catch {
    return null;
  }
};

const configured = (name: string, settings: MerchantSettings): Configured => ({
  merchant: buildMerchant(name, settings),
  settings,
});

const buildMerchant = (name: string, settings: MerchantSettings): Merchant => {
  const allowed = settings.ALLOWED_IPS ?? anyAddress;
  const { PAYCOOLS_ACKNOWLEDGEMENT: flat, PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: enveloped } = settings;
  return {
    name,
    keys: keysOf(settings),
    timeZone: settings.PAYCOOLS_TIME_ZONE,
    acknowledgements: {
      ...(flat === null ? {} : { 'sha1-secret': flat }),
      ...(enveloped === null ? {} : { 'rsa-envelope': enveloped }),
    },
    isAllowedSource: (address) => allowed.has(address),
    mustConfirm: (event) => ruleHolds(settings.CONFIRM, event),
    canConfirm: (event) => apiSettingsOf(settings) !== null && canConfirm(event, settings.PAYCOOLS_TIME_ZONE),
  };
};

const keyInfosOf = ({ name: merchant, keys }: Merchant): KeyInfo[] => [
  ...keys.secrets.map((secret) => ({
    merchant,
    scheme: 'sha1-secret' as const,
    fingerprint: secretFingerprint(secret),
  })),
  ...keys.publicKeys.map((key) => ({
    merchant,
    scheme: 'rsa-envelope' as const,
    fingerprint: publicKeyFingerprint(key),
  })),
];
