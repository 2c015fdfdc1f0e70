import { Cluster } from 'ioredis';
import type { Origin } from '../../core/cloud-event.ts';
import type { Statement, Status } from '../../core/event.ts';
import { type Subject, subjectKey } from '../../core/event-id.ts';
import { amountOf } from '../../core/money.ts';
import type { Ledger, LedgerEntry, LedgerReader, Observation, Sighting, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { createScript, type Script } from '../lua-script.ts';
import { createTickBatch } from '../tick-batch.ts';
import { DayIndex } from './day-index.ts';

// Observes news, or marks that the event of a status is delivered. Marks go with the next observations, because each call
// costs Redis a sync of its disk. One hash for each merchant and subject: `product` pinned at first sight, `n` statuses
// seen, and for each of them `s:<status>` and `o:<status>` (what was said first) and `d:<status>` (its event is on the
// queue). Two short fields instead of a long one, because a hash of values up to 64 bytes takes Redis half the memory.
// Each key has arguments: an observation its product, status and what was said; a mark an empty text and its status. The
// first news of a subject, which most are, is answered with nothing, because the caller knows it.
const LEDGER = `
local call, answers, at = redis.call, {}, 2
for index, key in ipairs(KEYS) do
  local product, status = ARGV[at], ARGV[at + 1]
  answers[index] = {}
  if product == '' then
    if call('HEXISTS', key, 's:' .. status) == 1 then call('HSET', key, 'd:' .. status, '1') end
    at = at + 2
  else
    local said, order = ARGV[at + 2], ARGV[at + 3]
    if call('EXISTS', key) == 0 then
      call('HSET', key, 'product', product, 'n', 1, 's:' .. status, '1|' .. said, 'o:' .. status, order)
    else
      if call('HEXISTS', key, 's:' .. status) == 0 then
        local ordinal = call('HINCRBY', key, 'n', 1)
        call('HSET', key, 's:' .. status, ordinal .. '|' .. said, 'o:' .. status, order)
      end
      answers[index] = call('HGETALL', key)
    end
    call('PEXPIRE', key, ARGV[1])
    at = at + 4
  end
end
return answers`;

/** An observation, or the mark that its event is delivered. */
type Step = { readonly kind: 'observe' | 'mark'; readonly observation: Observation };

/** Steps that go to Redis in one call: it answers nobody else meanwhile. */
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
  readonly #script: Script<string[][]>;
  readonly #options: RedisLedgerOptions;
  readonly #index: DayIndex;
  readonly #take: (step: Step) => Promise<LedgerEntry>;
  readonly #addToIndex: (observation: Observation) => Promise<undefined>;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#index = new DayIndex(options);
    this.#script = createScript(options.redis, LEDGER);
    // In a cluster each subject is in a slot of its own, and a script stays in one slot.
    const limit = options.redis instanceof Cluster ? 1 : BATCH;
    this.#take = createTickBatch({ limit, perform: (steps) => this.#takeAll(steps) });
    this.#addToIndex = createTickBatch({ limit: BATCH, perform: (observations) => this.#indexAll(observations) });
  }

  observe(observation: Observation): Promise<LedgerEntry> {
    return this.#take({ kind: 'observe', observation });
  }

  async markDelivered(observation: Observation): Promise<void> {
    await Promise.all([this.#take({ kind: 'mark', observation }), this.#addToIndex(observation)]);
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

  async #takeAll(steps: readonly Step[]): Promise<LedgerEntry[]> {
    const keys: string[] = [];
    const said: (string | number)[] = [this.#options.retentionMs];
    for (const { kind, observation } of steps) {
      keys.push(this.#key(observation));
      if (kind === 'mark') said.push('', observation.statement.status);
      else said.push(observation.product, observation.statement.status, ...write(observation));
    }
    const replies = await this.#script(keys, said);
    return steps.map(({ observation }, index) => {
      const reply = replies[index] ?? [];
      return reply.length === 0 ? firstEntry(observation) : readEntry(reply);
    });
  }

  async #indexAll(observations: readonly Observation[]): Promise<undefined[]> {
    await this.#index.add(observations);
    return [];
  }

  #key({ merchant, subject }: Pick<Observation, 'merchant' | 'subject'>): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subjectKey(subject)}`;
  }
}
