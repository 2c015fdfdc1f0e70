import { unwatchFile, watchFile } from 'node:fs';
import { type AddressList, anyAddress } from '../config/address-list.ts';
import type { MerchantSettings } from '../config/environment.ts';
import type { ConfigProblem, ConfigSource, Settings } from '../config/load.ts';
import { parseMerchants } from '../config/merchants-file.ts';
import { ruleHolds } from '../core/confirm-rule.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Merchant, Merchants } from '../receive/ports.ts';
import { canConfirm } from '../reconcile/confirm.ts';
import { publicKeyFingerprint, secretFingerprint } from '../verify/keys.ts';
import type { Scheme } from '../verify/verify.ts';

/** A key in use, without the key: which merchant uses which, to be seen in logs and metrics. */
export type KeyInfo = { readonly merchant: string; readonly scheme: Scheme; readonly fingerprint: string };

export type MerchantDirectoryOptions = {
  readonly settings: Settings;
  readonly readFile: ConfigSource['readFile'];
  /** Hears of every new set of merchants, also the first. */
  readonly onLoaded: (keys: readonly KeyInfo[]) => void;
  /** Hears why a changed file was refused; the merchants before it stay in force. */
  readonly onRefused: (problems: readonly ConfigProblem[]) => void;
};

/** How often the file is looked at. Watching by events would miss the way in which Kubernetes swaps mounted files. */
const POLL_MS = 1000;

const present = <Value>(...values: (Value | null)[]): Value[] => values.filter((value) => value !== null);

const merchantOf = (name: string, settings: MerchantSettings): Merchant => {
  const allowed: AddressList = settings.ALLOWED_IPS ?? anyAddress;
  const { PAYCOOLS_ACKNOWLEDGEMENT: flat, PAYCOOLS_ACKNOWLEDGEMENT_ENVELOPE: enveloped } = settings;
  return {
    name,
    keys: {
      secrets: present(settings.PAYCOOLS_CALLBACK_SECRET, settings.PAYCOOLS_CALLBACK_SECRET_PREVIOUS),
      publicKeys: present(settings.PAYCOOLS_CALLBACK_PUBLIC_KEY, settings.PAYCOOLS_CALLBACK_PUBLIC_KEY_PREVIOUS),
    },
    timeZone: settings.PAYCOOLS_TIME_ZONE,
    acknowledgements: {
      ...(flat === null ? {} : { 'sha1-secret': flat }),
      ...(enveloped === null ? {} : { 'rsa-envelope': enveloped }),
    },
    isAllowedSource: (address) => allowed.has(address),
    needsConfirmation: (event) => canConfirm(event) && ruleHolds(settings.CONFIRM, event),
  };
};

const keysOf = ({ name: merchant, keys }: Merchant): KeyInfo[] => [
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

/** A merchant, and what its configuration says besides. */
type Configured = { readonly merchant: Merchant; readonly settings: MerchantSettings };

type Loaded = Result<ReadonlyMap<string, Configured>, readonly ConfigProblem[]>;

const configured = (name: string, settings: MerchantSettings): Configured => ({
  merchant: merchantOf(name, settings),
  settings,
});

const readContent = (path: string, readFile: ConfigSource['readFile']): string | null => {
  try {
    return readFile(path);
  } catch {
    return null;
  }
};

/** All merchants: the one of the environment, and those of MERCHANTS_FILE. */
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
    if (merchants.has(name)) return fail([{ name, problem: 'is in MERCHANTS_FILE and in the environment' }]);
    merchants.set(name, configured(name, merchant));
  }
  return ok(merchants);
};

/** The merchants of this service. Read again when their file changes; a broken file leaves those before it in force. */
export class MerchantDirectory implements Merchants, Disposable {
  readonly #options: MerchantDirectoryOptions;
  #merchants: ReadonlyMap<string, Configured> = new Map();

  private constructor(options: MerchantDirectoryOptions) {
    this.#options = options;
  }

  /** Reads all merchants and begins to watch their file, or tells why they cannot be read. */
  static open(options: MerchantDirectoryOptions): Result<MerchantDirectory, readonly ConfigProblem[]> {
    const directory = new MerchantDirectory(options);
    const problems = directory.#load();
    if (problems.length > 0) return fail(problems);
    const path = options.settings.service.MERCHANTS_FILE;
    if (path !== '') watchFile(path, { interval: POLL_MS, persistent: false }, () => directory.reload());
    return ok(directory);
  }

  find(name: string): Merchant | undefined {
    return this.#merchants.get(name)?.merchant;
  }

  /** What the configuration says of a merchant. */
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
    if (problems.length > 0) this.#options.onRefused(problems);
  }

  [Symbol.dispose](): void {
    const path = this.#options.settings.service.MERCHANTS_FILE;
    if (path !== '') unwatchFile(path);
  }

  #load(): readonly ConfigProblem[] {
    const loaded = loadAll(this.#options);
    if (!loaded.ok) return loaded.error;
    this.#merchants = loaded.value;
    this.#options.onLoaded([...loaded.value.values()].flatMap(({ merchant }) => keysOf(merchant)));
    return [];
  }
}
