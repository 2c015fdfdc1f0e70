import type { PathOverride } from '../client/endpoints/definition.ts';
import type { CallName } from '../client/endpoints/table.ts';
import type { Secret } from '../core/secret.ts';
import type { Product } from '../products/registry.ts';

/** Products that have transactions in the sandbox. */
export type SandboxProduct = Exclude<Product, 'ekyc'>;

/** Random faults: probabilities from 0 (never) to 1 (always). */
export type Chaos = {
  /** Callbacks that are never sent. */
  readonly lost: number;
  /** Callbacks that are sent twice. */
  readonly duplicate: number;
  /** Callbacks that are held back until the next one has been sent. */
  readonly disorder: number;
  /** Callbacks with a wrong signature. */
  readonly wrongSign: number;
  /** Requests that are not carried out and are refused with 1013, 1018 or a proxy's 502. */
  readonly error: number;
};

export const outages = ['none', 'unavailable', 'silent'] as const;
/** How PayCools fails: `unavailable` replies 503 to every request, `silent` never replies. */
export type Outage = (typeof outages)[number];

/** Conditions that can be changed while the sandbox runs. */
export type Conditions = {
  /**
   * Delay before every reply, in milliseconds.
   *
   * @defaultValue 0
   */
  readonly latencyMs: number;
  /**
   * How PayCools fails.
   *
   * @defaultValue `'none'`
   */
  readonly outage: Outage;
};

/** A request or a callback, for a log. Contains no personal data. */
export type SandboxLogEntry =
  | {
      readonly kind: 'request';
      /** The client's method, such as `payout.create`. */
      readonly call: CallName;
      readonly order: string | null;
      /** The code of the reply; null if no code was sent. */
      readonly code: number | null;
      readonly message: string;
    }
  | {
      readonly kind: 'callback';
      readonly eventName: string;
      readonly order: string | null;
      readonly url: string | null;
      readonly fate: 'sent' | 'lost' | 'no-address' | 'unreachable';
      readonly httpStatus: number | null;
    };

/** Options of `startSandbox`. */
export type SandboxOptions = Partial<Conditions> & {
  /** The `appId` of the merchant, which requests must have. */
  readonly appId: string;
  /** The merchant's public key, as PEM or bare base64. Requests must be signed with the matching private key. */
  readonly publicKey: string;
  /** The secret that signs callbacks. */
  readonly callbackSecret: string | Secret;
  /**
   * Stands in for PayCools's own private key (PKCS#8). If given, callbacks of the products in `enveloped` are sent as an
   * rsa-envelope, which the receiver verifies with the matching public key.
   */
  readonly callbackPrivateKey?: string | Secret;
  /**
   * Products whose callbacks are enveloped. Requires `callbackPrivateKey`.
   *
   * @defaultValue `['checkout', 'direct-debit']`
   */
  readonly enveloped?: readonly SandboxProduct[];
  /**
   * Where callbacks are sent, as set in the back office. An address in a request takes precedence. Without either, no
   * callback is sent.
   */
  readonly callbackUrl?: string;
  /** Where callbacks of single products are sent; takes precedence over `callbackUrl`. */
  readonly callbackUrls?: Readonly<Partial<Record<SandboxProduct, string>>>;
  /**
   * Address to listen on.
   *
   * @defaultValue `'127.0.0.1'`
   */
  readonly host?: string;
  /**
   * Port to listen on.
   *
   * @defaultValue 0: any free port
   */
  readonly port?: number;
  /**
   * Initial balance, in integer centavos.
   *
   * @defaultValue 100,000,000 (a million pesos)
   */
  readonly balance?: number;
  /**
   * IANA name of the time zone of the times that the sandbox sends.
   *
   * @defaultValue `'Asia/Manila'`
   */
  readonly timeZone?: string;
  /**
   * Number of rows per page of a statement.
   *
   * @defaultValue 50
   */
  readonly pageSize?: number;
  /**
   * What the signature of an envelope covers: `appId` and `param`, or `param` alone.
   *
   * @defaultValue `'fields'`
   */
  readonly envelope?: 'fields' | 'param';
  /** Overrides of how a call is sent, by its name, as for the client. */
  readonly paths?: Readonly<Partial<Record<CallName, string | PathOverride>>>;
  /**
   * Maximum number of requests per second. Further ones are refused with 1013.
   *
   * @defaultValue no limit
   */
  readonly requestsPerSecond?: number;
  /**
   * Time between the reply to a creation and the end of its transaction, in milliseconds.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number;
  /**
   * Whether the receiver gets a `payment.verification` before a virtual account is paid into.
   *
   * @defaultValue false
   */
  readonly verifyPayments?: boolean;
  /** Called with each request and each callback. */
  readonly log?: (entry: SandboxLogEntry) => void;
  /**
   * Probabilities of random faults.
   *
   * @defaultValue 0 for each of them
   */
  readonly chaos?: Partial<Chaos>;
  /**
   * Seed of the random faults. The same seed causes the same faults.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * Returns the current time, in milliseconds since 1970.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number;
};
