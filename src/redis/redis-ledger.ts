import type { Statement, Status } from '../core/event.ts';
import { amountOf } from '../core/money.ts';
import type { Ledger, LedgerEntry, Observation, Sighting } from '../receive/ports.ts';
import type { RedisClient } from './connection.ts';

// One hash for each merchant and subject: `product` pinned at first sight, `n` statuses seen, and for each of them
// `s:<status>` (what was said first) and `d:<status>` (its event is on the queue).
const OBSERVE = `
redis.call('HSETNX', KEYS[1], 'product', ARGV[1])
if redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[2]) == 0 then
  local ordinal = redis.call('HINCRBY', KEYS[1], 'n', 1)
  redis.call('HSET', KEYS[1], 's:' .. ARGV[2], ordinal .. '|' .. ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return redis.call('HGETALL', KEYS[1])`;

// Marks the event of a status as delivered. An entry that expired meanwhile stays gone.
const CONFIRM = `
if redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[1]) == 0 then return 0 end
return redis.call('HSET', KEYS[1], 'd:' .. ARGV[1], '1')`;

type Commands = {
  paycoolsObserve(key: string, product: string, status: string, said: string, ttlMs: number): Promise<string[]>;
  paycoolsConfirm(key: string, status: string): Promise<number>;
};

export type RedisLedgerOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long an entry is kept after its last observation, in milliseconds. */
  readonly retentionMs: number;
};

/** What is kept of a statement: a tuple, because there is one for every status of every transaction. */
type Said = readonly [
  minor: number | null,
  currency: string | null,
  order: string | null,
  channel: string | null,
  at: number,
  origin: string,
];

const write = ({ statement, at, origin }: Observation): string => {
  const { amount, merchantOrderId, channelCode } = statement;
  const said: Said = [amount?.minor ?? null, amount?.currency ?? null, merchantOrderId, channelCode, at, origin];
  return JSON.stringify(said);
};

const readStatement = (status: Status, text: string): Statement => {
  const [minor, currency, merchantOrderId, channelCode] = JSON.parse(text) as Said;
  const amount = minor === null || currency === null ? null : amountOf(minor, currency);
  return { status, amount, merchantOrderId, channelCode };
};

const readSighting = (status: Status, text: string, isDelivered: boolean): Sighting => {
  const bar = text.indexOf('|');
  return { statement: readStatement(status, text.slice(bar + 1)), ordinal: Number(text.slice(0, bar)), isDelivered };
};

const readEntry = (reply: readonly string[]): LedgerEntry => {
  const hash = new Map<string, string>();
  for (let index = 0; index < reply.length; index += 2) hash.set(reply[index] ?? '', reply[index + 1] ?? '');
  const sightings = new Map<Status, Sighting>();
  for (const [field, text] of hash) {
    if (!field.startsWith('s:')) continue;
    const status = field.slice(2) as Status;
    sightings.set(status, readSighting(status, text, hash.has(`d:${status}`)));
  }
  return { product: hash.get('product') ?? '', sightings };
};

/** A {@link Ledger} in Redis: one hash for each subject, in a slot of its own, gone when the retention is over. */
export class RedisLedger implements Ledger {
  readonly #commands: Commands;
  readonly #options: RedisLedgerOptions;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    options.redis.defineCommand('paycoolsObserve', { numberOfKeys: 1, lua: OBSERVE });
    options.redis.defineCommand('paycoolsConfirm', { numberOfKeys: 1, lua: CONFIRM });
    this.#commands = options.redis as unknown as Commands; // defineCommand adds methods that its types do not know
  }

  async observe(observation: Observation): Promise<LedgerEntry> {
    const { product, statement } = observation;
    const reply = await this.#commands.paycoolsObserve(
      this.#key(observation),
      product,
      statement.status,
      write(observation),
      this.#options.retentionMs,
    );
    return readEntry(reply);
  }

  async confirm(observation: Observation): Promise<void> {
    await this.#commands.paycoolsConfirm(this.#key(observation), observation.statement.status);
  }

  #key({ merchant, subject }: Observation): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subject.kind}:${subject.id}`;
  }
}
