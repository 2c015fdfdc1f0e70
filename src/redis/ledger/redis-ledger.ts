import { Cluster } from 'ioredis';
import type { Origin } from '../../core/cloud-event.ts';
import type { Statement, Status } from '../../core/event.ts';
import { type Subject, subjectKey } from '../../core/event-id.ts';
import { amountOf } from '../../core/money.ts';
import type { Ledger, LedgerEntry, LedgerReader, Observation, Sighting, SubjectPage } from '../../receive/ports.ts';
import type { RedisClient } from '../connection/connection.ts';
import { answerTo, createScript, readScript, type Script } from '../lua-script.ts';
import { createTickBatch } from '../tick-batch.ts';
import { DayIndex } from './day-index.ts';

/** An observation, or the mark that its event is delivered. */
type Step = { readonly kind: 'observe' | 'mark'; readonly observation: Observation };

/** Steps of one call. Redis is blocked while the script runs, so keep it small. */
const BATCH = 64;

export type RedisLedgerOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** How long an entry is kept after its last observation, in milliseconds. */
  readonly retentionMs: number;
};

/** What is kept of a statement, as tuples, because there is one for every status of every transaction. */
type StoredStatement = readonly [minor: number | null, currency: string | null, at: number, origin: Origin];
type StoredOrder = readonly [order: string | null, channel: string | null];

const encodeStatement = ({ statement, at, origin }: Observation): readonly [statement: string, order: string] => {
  const { amount, merchantOrderId, channelCode } = statement;
  const stored: StoredStatement = [amount?.minor ?? null, amount?.currency ?? null, at, origin];
  const order: StoredOrder = [merchantOrderId, channelCode];
  return [JSON.stringify(stored), JSON.stringify(order)];
};

const readSighting = (status: Status, hash: ReadonlyMap<string, string>): Sighting => {
  const text = hash.get(`s:${status}`) ?? '';
  const bar = text.indexOf('|');
  const [minor, currency, at, origin] = JSON.parse(text.slice(bar + 1)) as StoredStatement;
  const [merchantOrderId, channelCode] = JSON.parse(hash.get(`o:${status}`) ?? '') as StoredOrder;
  const amount = minor === null || currency === null ? null : amountOf(minor, currency);
  const statement: Statement = { status, amount, merchantOrderId, channelCode };
  return { statement, ordinal: Number(text.slice(0, bar)), isDelivered: hash.has(`d:${status}`), origin, at };
};

/** The entry of a subject that was unknown before. */
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
 * A {@link Ledger} in Redis: one hash for each subject, in a slot of its own, which expires after the retention; and an
 * index by day.
 */
export class RedisLedger implements Ledger, LedgerReader {
  readonly #script: Script<(string[] | string)[]>;
  readonly #options: RedisLedgerOptions;
  readonly #index: DayIndex;
  readonly #enqueueStep: (step: Step) => Promise<LedgerEntry>;
  readonly #addToIndex: (observation: Observation) => Promise<undefined>;

  constructor(options: RedisLedgerOptions) {
    this.#options = options;
    this.#index = new DayIndex(options);
    this.#script = createScript(options.redis, readScript('ledger'));
    // In a cluster each subject is in a slot of its own, and a script stays in one slot.
    const limit = options.redis instanceof Cluster ? 1 : BATCH;
    this.#enqueueStep = createTickBatch({ limit, perform: (steps) => this.#performSteps(steps) });
    this.#addToIndex = createTickBatch({ limit: BATCH, perform: (observations) => this.#indexAll(observations) });
  }

  observe(observation: Observation): Promise<LedgerEntry> {
    return this.#enqueueStep({ kind: 'observe', observation });
  }

  async markDelivered(observation: Observation): Promise<void> {
    await Promise.all([this.#enqueueStep({ kind: 'mark', observation }), this.#addToIndex(observation)]);
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

  async #performSteps(steps: readonly Step[]): Promise<(LedgerEntry | Error)[]> {
    const keys: string[] = [];
    const args: (string | number)[] = [this.#options.retentionMs];
    for (const { kind, observation } of steps) {
      keys.push(this.#key(observation));
      if (kind === 'mark') args.push('', observation.statement.status);
      else args.push(observation.product, observation.statement.status, ...encodeStatement(observation));
    }
    const replies = await this.#script(keys, args);
    return steps.map(({ observation }, index) =>
      answerTo(replies[index] ?? [], (fields) => (fields.length === 0 ? firstEntry(observation) : readEntry(fields))),
    );
  }

  async #indexAll(observations: readonly Observation[]): Promise<undefined[]> {
    await this.#index.add(observations);
    return [];
  }

  #key({ merchant, subject }: Pick<Observation, 'merchant' | 'subject'>): string {
    return `${this.#options.prefix}:ledger:${merchant}:${subjectKey(subject)}`;
  }
}
