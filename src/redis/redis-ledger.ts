import { Cluster } from 'ioredis';
import type { Origin, Statement, Status } from '../core/event.ts';
import type { Subject } from '../core/event-id.ts';
import { amountOf } from '../core/money.ts';
import type { Ledger, LedgerEntry, LedgerReader, Observation, Sighting, SubjectPage } from '../receive/ports.ts';
import type { RedisClient } from './connection.ts';
import { LedgerIndex } from './ledger-index.ts';
import { createTurnBatch } from './turn-batch.ts';

// One hash for each merchant and subject: `product` pinned at first sight, `n` statuses seen, and for each of them
// `s:<status>` and `o:<status>` (what was said first) and `d:<status>` (its event is on the queue). Each key has four
// arguments: product, status, what was said. Two short fields instead of a long one, because a hash of values up to 64
// bytes takes Redis half the memory. The first news of a subject, which most are, is answered with nothing: the caller
// knows it.
const OBSERVE = `
local answers = {}
for index, key in ipairs(KEYS) do
  local at = 4 * index - 2
  local status, said, order = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if redis.call('EXISTS', key) == 0 then
    redis.call('HSET', key, 'product', ARGV[at], 'n', 1, 's:' .. status, '1|' .. said, 'o:' .. status, order)
    answers[index] = {}
  else
    if redis.call('HEXISTS', key, 's:' .. status) == 0 then
      local ordinal = redis.call('HINCRBY', key, 'n', 1)
      redis.call('HSET', key, 's:' .. status, ordinal .. '|' .. said, 'o:' .. status, order)
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

/** What is kept of a statement: tuples, because there is one for every status of every transaction. */
type Said = readonly [minor: number | null, currency: string | null, at: number, origin: Origin];
type Order = readonly [order: string | null, channel: string | null];

const write = ({ statement, at, origin }: Observation): readonly [said: string, order: string] => {
  const { amount, merchantOrderId, channelCode } = statement;
  const said: Said = [amount?.minor ?? null, amount?.currency ?? null, at, origin];
  const order: Order = [merchantOrderId, channelCode];
  return [JSON.stringify(said), JSON.stringify(order)];
};

const readSighting = (status: Status, hash: ReadonlyMap<string, string>): Sighting => {
  const text = hash.get(`s:${status}`) ?? '';
  const bar = text.indexOf('|');
  const [minor, currency, at, origin] = JSON.parse(text.slice(bar + 1)) as Said;
  const [merchantOrderId, channelCode] = JSON.parse(hash.get(`o:${status}`) ?? '') as Order;
  const amount = minor === null || currency === null ? null : amountOf(minor, currency);
  const statement: Statement = { status, amount, merchantOrderId, channelCode };
  return { statement, ordinal: Number(text.slice(0, bar)), isDelivered: hash.has(`d:${status}`), origin, at };
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
  for (const field of hash.keys()) {
    if (!field.startsWith('s:')) continue;
    const status = field.slice(2) as Status;
    sightings.set(status, readSighting(status, hash));
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
  /** Subjects that one script may touch. */
  readonly #perCall: number;
  readonly #observe: (observation: Observation) => Promise<LedgerEntry>;
  readonly #confirm: (observation: Observation) => Promise<undefined>;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#index = new LedgerIndex(options);
    options.redis.defineCommand('paycoolsObserve', { lua: OBSERVE });
    options.redis.defineCommand('paycoolsConfirm', { lua: CONFIRM });
    this.#commands = options.redis as unknown as Commands; // defineCommand adds methods that its types do not know
    // In a cluster each subject is in a slot of its own, and a script stays in one slot.
    this.#perCall = options.redis instanceof Cluster ? 1 : BATCH;
    this.#observe = createTurnBatch({
      limit: this.#perCall,
      perform: (observations) => this.#observeAll(observations),
    });
    this.#confirm = createTurnBatch({ limit: BATCH, perform: (observations) => this.#confirmAll(observations) });
  }

  observe(observation: Observation): Promise<LedgerEntry> {
    return this.#observe(observation);
  }

  async confirm(observation: Observation): Promise<void> {
    await this.#confirm(observation);
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
    const said = observations.flatMap((it) => [it.product, it.statement.status, ...write(it)]);
    const keys = observations.map((it) => this.#key(it));
    const replies = await this.#commands.paycoolsObserve(keys.length, ...keys, this.#options.retentionMs, ...said);
    return observations.map((observation, index) => {
      const reply = replies[index] ?? [];
      return reply.length === 0 ? firstEntry(observation) : readEntry(reply);
    });
  }

  async #confirmAll(observations: readonly Observation[]): Promise<undefined[]> {
    const calls: Promise<unknown>[] = [this.#index.add(observations)];
    for (let start = 0; start < observations.length; start += this.#perCall) {
      const some = observations.slice(start, start + this.#perCall);
      const statuses = some.map(({ statement }) => statement.status);
      calls.push(this.#commands.paycoolsConfirm(some.length, ...some.map((it) => this.#key(it)), ...statuses));
    }
    await Promise.all(calls);
    return [];
  }

  #key({ merchant, subject }: Pick<Observation, 'merchant' | 'subject'>): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subject.kind}:${subject.id}`;
  }
}
