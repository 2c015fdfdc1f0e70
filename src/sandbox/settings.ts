import type { KeyObject } from 'node:crypto';
import { Secret } from '../core/secret.ts';
import { isTimeZone } from '../core/time.ts';
import { loadPrivateKey, loadPublicKey } from '../verify/keys.ts';
import type { Chaos, SandboxOptions } from './options.ts';

/** Options that are converted to another type. */
type Converted = 'publicKey' | 'callbackSecret' | 'callbackPrivateKey' | 'callbackUrl' | 'chaos';

/** Settings that a merchant can change in the back office at any time. */
type BackOffice = { publicKey: KeyObject; callbackSecret: Secret };

/** The options, validated and complete. */
export type SandboxSettings = Required<Omit<SandboxOptions, Converted>> & {
  readonly backOffice: BackOffice;
  readonly callbackPrivateKey: KeyObject | null;
  readonly callbackUrl: string | null;
  readonly chaos: Chaos;
};

const NO_CHAOS: Chaos = { lost: 0, duplicate: 0, disorder: 0, wrongSign: 0, error: 0 };

const defaults = {
  callbackUrl: null,
  callbackUrls: {},
  enveloped: ['checkout', 'direct-debit'],
  host: '127.0.0.1',
  port: 0,
  balance: 100_000_000,
  timeZone: 'Asia/Manila',
  pageSize: 50,
  envelope: 'fields',
  paths: {},
  requestsPerSecond: Number.POSITIVE_INFINITY,
  delayMs: 0,
  verifyPayments: false,
  latencyMs: 0,
  outage: 'none',
  log: () => undefined,
  seed: 1,
  now: Date.now,
} as const;

const secretOf = (text: string | Secret): Secret => (typeof text === 'string' ? new Secret(text) : text);

const readPrivateKey = (secret: Secret): KeyObject => {
  const key = loadPrivateKey(secret);
  if (!key.ok) throw new TypeError(`callbackPrivateKey ${key.error}`);
  return key.value;
};

/** Validates the merchant's keys. Throws TypeError. */
export const readBackOffice = ({
  publicKey,
  callbackSecret,
}: Pick<SandboxOptions, 'publicKey' | 'callbackSecret'>): BackOffice => {
  const key = loadPublicKey(publicKey);
  if (!key.ok) throw new TypeError(`publicKey ${key.error}`);
  const secret = secretOf(callbackSecret);
  if (secret.reveal().trim() === '') throw new TypeError('callbackSecret is empty');
  return { publicKey: key.value, callbackSecret: secret };
};

/** Validates the options and adds the defaults. Throws TypeError. */
export const readSandboxOptions = (options: SandboxOptions): SandboxSettings => {
  const { callbackSecret, callbackPrivateKey, publicKey, chaos, ...rest } = options;
  const backOffice = readBackOffice({ publicKey, callbackSecret });
  if (!isTimeZone(rest.timeZone ?? defaults.timeZone)) throw new TypeError('timeZone is not an IANA time zone');
  return {
    ...defaults,
    ...rest,
    backOffice,
    callbackPrivateKey: callbackPrivateKey === undefined ? null : readPrivateKey(secretOf(callbackPrivateKey)),
    chaos: { ...NO_CHAOS, ...chaos },
  };
};
