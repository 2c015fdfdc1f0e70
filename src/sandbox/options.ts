import type { PathOverride } from '../client/endpoints/definition.ts';
import type { CallName } from '../client/endpoints/table.ts';
import type { Secret } from '../core/secret.ts';
import type { Product } from '../products/registry.ts';

/** The products that the sandbox has transactions of. */
export type SandboxProduct = Exclude<Product, 'ekyc'>;

/** What fails by chance: shares from 0 (never) to 1 (always). */
export type Chaos = {
  /** Callbacks that are never sent. */
  readonly lost: number;
  /** Callbacks that are sent twice. */
  readonly duplicate: number;
  /** Callbacks that are held back until the next one has been sent. */
  readonly disorder: number;
  /** Callbacks with a wrong signature. */
  readonly wrongSign: number;
  /** Requests that are refused with 1013, 1018 or a proxy's 502 and not carried out. */
  readonly error: number;
};

/** How PayCools is down. */
export const outages = ['none', 'unavailable', 'silent'] as const;
export type Outage = (typeof outages)[number];

/** What can be changed while the sandbox runs. */
export type Conditions = {
  /** Every reply is held back for this long, in milliseconds. */
  readonly latencyMs: number;
  readonly outage: Outage;
};

/** A request or a callback, for a log. Nothing in it is personal. */
export type SandboxLogEntry =
  | {
      readonly kind: 'request';
      /** The method of the client, such as `payout.create`. */
      readonly call: CallName;
      readonly order: string | null;
      /** The code of the reply; null where there was none. */
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

/** What `startSandbox` takes. */
export type SandboxOptions = {
  /** The `appId` that requests must carry. */
  readonly appId: string;
  /** The merchant's public key, as PEM or bare base64: requests must be signed with the private key of the pair. */
  readonly publicKey: string;
  /** Signs the callbacks. */
  readonly callbackSecret: string | Secret;
  /**
   * Replaces PayCools's own private key (PKCS#8). With it, callbacks of the products in `enveloped` are sent as an
   * rsa-envelope, which the receiver verifies with the public key of the pair.
   */
  readonly callbackPrivateKey?: string | Secret;
  /**
   * Products whose callbacks are enveloped if there is a `callbackPrivateKey`.
   *
   * @defaultValue `['checkout', 'direct-debit']`
   */
  readonly enveloped?: readonly SandboxProduct[];
  /** Address of callbacks, as in the back office; one in a request takes precedence. Without any, none is sent. */
  readonly callbackUrl?: string;
  /** Addresses of single products, which take precedence over `callbackUrl`. */
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
   * @defaultValue 0: a free one
   */
  readonly port?: number;
  /**
   * Balance at the start, in integer centavos.
   *
   * @defaultValue 100,000,000 (a million pesos)
   */
  readonly balance?: number;
  /**
   * Time zone of the times that it writes.
   *
   * @defaultValue `'Asia/Manila'`
   */
  readonly timeZone?: string;
  /**
   * Rows on a page of a statement.
   *
   * @defaultValue 50
   */
  readonly pageSize?: number;
  /**
   * What an envelope signs.
   *
   * @defaultValue `'fields'`
   */
  readonly envelope?: 'fields' | 'param';
  /** Other paths and styles by call, as for the client. */
  readonly paths?: Readonly<Partial<Record<CallName, string | PathOverride>>>;
  /**
   * Requests beyond this number in one second are refused with 1013.
   *
   * @defaultValue no limit
   */
  readonly requestsPerSecond?: number;
  /**
   * Time from the reply to a creation until the transaction ends, in milliseconds.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number;
  /**
   * Whether the receiver is sent a `payment.verification` before a virtual account is paid.
   *
   * @defaultValue false
   */
  readonly verifyPayments?: boolean;
  /**
   * Every reply is held back for this long, in milliseconds.
   *
   * @defaultValue 0
   */
  readonly latencyMs?: number;
  /**
   * Whether PayCools is down: `unavailable` replies 503 to everything, `silent` never replies.
   *
   * @defaultValue `'none'`
   */
  readonly outage?: Outage;
  /** Called with each request and each callback. */
  readonly log?: (entry: SandboxLogEntry) => void;
  /**
   * What fails by chance.
   *
   * @defaultValue nothing
   */
  readonly chaos?: Partial<Chaos>;
  /**
   * The same seed gives the same chaos.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * Clock, in milliseconds since 1970.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number;
};
