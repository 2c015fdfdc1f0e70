import { Cluster } from 'ioredis';
import type { Origin, Statement, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import { amountOf } from '../core/money.ts';
import type { Ledger, LedgerEntry, LedgerReader, Observation, Sighting, SubjectPage } from '../receive/ports.ts';
import type { RedisClient } from './connection.ts';
import { LedgerIndex } from './ledger-index.ts';
import { createTurnBatch } from './turn-batch.ts';

// One hash for each merchant and subject: `product` pinned at first sight, `n` statuses seen, and for each of them
// `s:<status>` (what was said first) and `d:<status>` (its event is on the queue). Each key has three arguments: product,
// status, what was said. The first news of a subject, which most are, is answered with nothing: the caller knows it.
const OBSERVE = `
local answers = {}
for index, key in ipairs(KEYS) do
  local at = 3 * index
  local status, said = 's:' .. ARGV[at], ARGV[at + 1]
  if redis.call('EXISTS', key) == 0 then
    redis.call('HSET', key, 'product', ARGV[at - 1], 'n', 1, status, '1|' .. said)
    answers[index] = {}
  else
    if redis.call('HEXISTS', key, status) == 0 then
      redis.call('HSET', key, status, redis.call('HINCRBY', key, 'n', 1) .. '|' .. said)
    end
    answers[index] = redis.call('HGETALL', key)
  end
  redis.call('PEXPIRE', key, ARGV[1])
end
return answers`;

// Marks the events of statuses as delivered. An entry that expired meanwhile stays gone.
const CONFIRM = `
for index, key in ipairs(KEYS) do
  if redis.call('HEXISTS', key, 's:' .. ARGV[index]) == 1 then redis.call('HSET', key, 'd:' .. ARGV[index], '1') end
end
return #KEYS`;

type Commands = {
  paycoolsObserve(keys: number, ...args: (string | number)[]): Promise<string[][]>;
  paycoolsConfirm(keys: number, ...args: string[]): Promise<number>;
};

/** Entries that go to Redis in one call: it answers nobody else meanwhile. */
const BATCH = 64;

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

/** The entry of a subject that nothing was known of. */
const firstEntry = ({ product, statement, origin, at }: Observation): LedgerEntry => ({
  product,
  sightings: new Map([[statement.status, { statement, ordinal: 1, isDelivered: false, origin, at }]]),
});

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
  readonly #observe: (observation: Observation) => Promise<LedgerEntry>;
  readonly #mark: (observation: Observation) => Promise<undefined>;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#index = new LedgerIndex(options);
    options.redis.defineCommand('paycoolsObserve', { lua: OBSERVE });
    options.redis.defineCommand('paycoolsConfirm', { lua: CONFIRM });
    this.#commands = options.redis as unknown as Commands; // defineCommand adds methods that its types do not know
    // In a cluster each subject is in a slot of its own, and a script stays in one slot.
    const limit = options.redis instanceof Cluster ? 1 : BATCH;
    this.#observe = createTurnBatch({ limit, perform: (observations) => this.#observeAll(observations) });
    this.#mark = createTurnBatch({ limit, perform: (observations) => this.#markAll(observations) });
  }

  observe(observation: Observation): Promise<LedgerEntry> {
    return this.#observe(observation);
  }

  async confirm(observation: Observation): Promise<void> {
    await Promise.all([this.#mark(observation), this.#index.add(observation)]);
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

  async #observeAll(observations: readonly Observation[]): Promise<LedgerEntry[]> {
    const said = observations.flatMap((it) => [it.product, it.statement.status, write(it)]);
    const keys = observations.map((it) => this.#key(it));
    const replies = await this.#commands.paycoolsObserve(keys.length, ...keys, this.#options.retentionMs, ...said);
    return observations.map((observation, index) => {
      const reply = replies[index] ?? [];
      return reply.length === 0 ? firstEntry(observation) : readEntry(reply);
    });
  }

  async #markAll(observations: readonly Observation[]): Promise<undefined[]> {
    const keys = observations.map((it) => this.#key(it));
    await this.#commands.paycoolsConfirm(
      keys.length,
      ...keys,
      ...observations.map(({ statement }) => statement.status),
    );
    return [];
  }

  #key({ merchant, subject }: Pick<Observation, 'merchant' | 'subject'>): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subject.kind}:${subject.id}`;
  }
}
