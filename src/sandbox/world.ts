import type { CallbackSender } from './callback-sender.ts';
import type { Chance } from './chance.ts';
import type { Conditions, SandboxProduct } from './options.ts';
import type { SandboxStatus } from './rules.ts';
import type { SandboxSettings } from './settings.ts';

/** A payment, payout or refund. Times are milliseconds since 1970, amounts integer centavos. */
export type Transaction = {
  readonly product: SandboxProduct;
  readonly transactionId: string;
  /** The merchant's order; for a refund, its mchRefundOrderId. */
  readonly mchOrderId: string;
  readonly amount: number;
  readonly fee: number;
  readonly channelCode: string | null;
  readonly createdAt: number;
  /** Where its callback is sent; null for the address of the back office. */
  readonly callbackUrl: string | null;
  readonly remark: string | null;
  /** Members that only some products have: customerName, originalTransactionId, number, … */
  readonly details: Readonly<Record<string, string | null>>;
  status: SandboxStatus;
  completedAt: number | null;
  failedCode: number | null;
};

/** A snapshot of a transaction. */
export type SandboxTransaction = Readonly<Transaction>;

/** A virtual account or bank transfer account, with a number for each channel. */
export type Account = {
  readonly mchOrderId: string;
  readonly appName: string;
  /** Reference numbers or account numbers, by channel. */
  readonly numbers: Map<string, string>;
  isActive: boolean;
};

export type QrCode = {
  readonly mchOrderId: string;
  readonly qrcodeId: string;
  readonly channelCode: string;
  readonly createdAt: number;
  callbackUrl: string | null;
  remark: string | null;
  updatedAt: number;
  status: 'ACTIVE' | 'INACTIVE';
};

export type Checkout = { readonly checkoutId: string; readonly transactionId: string };

export type Token = {
  readonly payToken: string;
  readonly userId: string;
  readonly requestId: string;
  readonly channelCode: string;
  readonly notifyUrl: string;
  status: 'WAITING' | 'ACTIVED' | 'INACTIVED';
  inactiveAt: number | null;
};

export type StatementKind = 'payment' | 'payout';

/** The state of a sandbox. */
export class World {
  readonly settings: SandboxSettings;
  readonly sender: CallbackSender;
  readonly chance: Chance;
  readonly transactions = new Map<string, Transaction>();
  /** Transactions by statement, view and day, in the order in which they were created or ended. */
  readonly statements = new Map<string, Transaction[]>();
  /** Transaction ids by {@link orderKey}. */
  readonly orders = new Map<string, string>();
  readonly idempotencyIds = new Set<string>();
  /** Orders that the rule .06 has refused once. */
  readonly throttled = new Set<string>();
  readonly virtualAccounts = new Map<string, Account>();
  readonly bankAccounts = new Map<string, Account>();
  readonly qrCodes = new Map<string, QrCode>();
  readonly checkouts = new Map<string, Checkout>();
  readonly tokens = new Map<string, Token>();
  balance: number;
  /** Number of ids and account numbers assigned so far. */
  count = 0;
  conditions: Conditions;

  constructor({ settings, sender, chance }: Pick<World, 'settings' | 'sender' | 'chance'>) {
    this.settings = settings;
    this.sender = sender;
    this.chance = chance;
    this.balance = settings.balance;
    this.conditions = { latencyMs: settings.latencyMs, outage: settings.outage };
  }
}

const SECONDS_DIGITS = 10;
const COUNT_DIGITS = 8;

/** An id like PayCools's: one or two letters and 19 digits, always unique. */
export const nextId = (world: World, prefix: string): string => {
  world.count += 1;
  const seconds = String(Math.floor(world.settings.now() / 1000)).slice(-SECONDS_DIGITS);
  return `${prefix}1${seconds.padStart(SECONDS_DIGITS, '0')}${String(world.count).padStart(COUNT_DIGITS, '0')}`;
};

export const orderKey = (product: SandboxProduct, mchOrderId: string): string => `${product} ${mchOrderId}`;

/** The transaction of an order that has only one. */
export const findTransaction = (world: World, product: SandboxProduct, mchOrderId: string): Transaction | undefined =>
  world.transactions.get(world.orders.get(orderKey(product, mchOrderId)) ?? '');

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats an instant as PayCools does: `yyyy-MM-dd HH:mm:ss` in its time zone. */
export const timeText = ({ settings }: World, instant: number): string => {
  let format = formats.get(settings.timeZone);
  if (format === undefined) {
    // The Swedish date format is yyyy-MM-dd.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: settings.timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(settings.timeZone, format);
  }
  return format.format(instant);
};

/** Like `timeText`, for an event that may not have happened yet. */
export const timeOrNull = (world: World, instant: number | null): string | null =>
  instant === null ? null : timeText(world, instant);

const QUARTER_MS = 15 * 60_000; // in every time zone a day begins on a quarter of an hour
const days = new Map<string, Map<number, string>>();

/** The day of an instant in PayCools's time zone, `yyyy-MM-dd`. Cached, because lists need it for every row. */
export const dayOf = (world: World, instant: number): string => {
  const { timeZone } = world.settings;
  const byQuarter = days.get(timeZone) ?? new Map<number, string>();
  days.set(timeZone, byQuarter);
  const quarter = Math.floor(instant / QUARTER_MS);
  const day = byQuarter.get(quarter) ?? timeText(world, instant).slice(0, 'yyyy-MM-dd'.length);
  byQuarter.set(quarter, day);
  return day;
};
