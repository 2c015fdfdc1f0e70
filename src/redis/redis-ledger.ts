import type { Origin, Statement, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import { amountOf } from '../core/money.ts';
import type { Ledger, LedgerEntry, LedgerReader, Observation, Sighting, SubjectPage } from '../receive/ports.ts';
import type { RedisClient } from './connection.ts';
import { LedgerIndex } from './ledger-index.ts';

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
  origin: Origin,
];

const write = ({ statement, at, origin }: Observation): string => {
  const { amount, merchantOrderId, channelCode } = statement;
  const said: Said = [amount?.minor ?? null, amount?.currency ?? null, merchantOrderId, channelCode, at, origin];
  return JSON.stringify(said);
};

const readSighting = (status: Status, text: string, isDelivered: boolean): Sighting => {
  const bar = text.indexOf('|');
  const [minor, currency, merchantOrderId, channelCode, at, origin] = JSON.parse(text.slice(bar + 1)) as Said;
  const amount = minor === null || currency === null ? null : amountOf(minor, currency);
  const statement: Statement = { status, amount, merchantOrderId, channelCode };
  return { statement, ordinal: Number(text.slice(0, bar)), isDelivered, origin, at };
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

/**
 * A {@link Ledger} in Redis: one hash for each subject, in a slot of its own, gone when the retention is over; and an
 * index by day.
 */
export class RedisLedger implements Ledger, LedgerReader {
  readonly #commands: Commands;
  readonly #options: RedisLedgerOptions;
  readonly #index: LedgerIndex;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#index = new LedgerIndex(options);
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
    const marked = this.#commands.paycoolsConfirm(this.#key(observation), observation.statement.status);
    await Promise.all([marked, this.#index.add(observation)]);
  }

  /** Each subject is in a slot of its own, so these are single commands, sent together. */
  async find(merchant: string, subjects: readonly Subject[]): Promise<readonly (LedgerEntry | null)[]> {
    const { redis } = this.#options;
    const hashes = await Promise.all(subjects.map((subject) => redis.hgetall(this.#key({ merchant, subject }))));
    return hashes.map((hash) => {
      const fields = Object.entries(hash);
      return fields.length === 0 ? null : readEntry(fields.flat());
    });
  }

  ofDay(merchant: string, day: string, cursor: string | null): Promise<SubjectPage> {
    return this.#index.ofDay(merchant, day, cursor);
  }

  open(merchant: string, cursor: string | null): Promise<SubjectPage> {
    return this.#index.open(merchant, cursor);
  }

  close(merchant: string, subjects: readonly Subject[]): Promise<void> {
    return this.#index.close(merchant, subjects);
  }

  #key({ merchant, subject }: Pick<Observation, 'merchant' | 'subject'>): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subject.kind}:${subject.id}`;
  }
}
