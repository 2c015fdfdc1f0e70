import { setTimeout as wait } from 'node:timers/promises';
import { hasWholeId, matchesQuery } from '../../operate/matches-query.ts';
import {
  isGenuine,
  type JournalEntry,
  type JournalPage,
  type JournalQuery,
  type JournalReader,
} from '../../receive/journal.ts';
import type { RedisClient } from '../connection/connection.ts';
import type { JournalCipher } from './journal-cipher.ts';
import { decodeEntry, type JournalPart, journalKey, journalParts, repeatsKey } from './journal-codec.ts';

export type JournalReaderOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly cipher: JournalCipher | null;
};

/** Entries per read. */
const PAGE = 200;

/** Polling interval, in milliseconds. */
const FOLLOW_MS = 500;

/** Where to continue in each part: below this id; null when the part has been read to its end. */
type Positions = Readonly<Record<JournalPart, string | null>>;

type Found = readonly [id: Uint8Array, fields: readonly Uint8Array[]];

const NEWEST: Positions = { genuine: '+', suspect: '+' };

const positionsOf = (cursor: string | null | undefined): Positions => {
  const [genuine, suspect] = cursor?.split('_') ?? [];
  if (genuine === undefined || suspect === undefined) return NEWEST;
  return { genuine: genuine === '' ? null : genuine, suspect: suspect === '' ? null : suspect };
};

const cursorOf = ({ genuine, suspect }: Positions): string | null =>
  genuine === null && suspect === null ? null : `${genuine ?? ''}_${suspect ?? ''}`;

/** The id in its stream: `1763973600000-0` of `genuine-1763973600000-0`. */
const streamId = ({ id }: JournalEntry): string => id.slice(id.indexOf('-') + 1);

const byAge = (a: JournalEntry, b: JournalEntry): number => {
  const [[aMs = 0, aSeq = 0], [bMs = 0, bSeq = 0]] = [a, b].map((it) => streamId(it).split('-').map(Number)) as [
    number[],
    number[],
  ];
  return aMs - bMs || aSeq - bSeq;
};

/** The parts that can contain matches. */
const partsOf = (query: JournalQuery): readonly JournalPart[] => {
  const { outcome } = query;
  const genuine = query.isGenuine ?? (outcome === undefined ? undefined : isGenuine({ outcome }));
  return genuine === undefined ? journalParts : [genuine ? 'genuine' : 'suspect'];
};

/** Tolerance for differing clocks and for entries written late, such as after an outage. In milliseconds. */
const SLACK_MS = 10 * 60_000;

const timeOf = (entry: JournalEntry): number => Number(streamId(entry).split('-')[0]);

/** Where a list starts: at its cursor, else at the end of the period asked for; parts that cannot match are skipped. */
const startOf = (query: JournalQuery): Positions => {
  const { genuine, suspect } = positionsOf(query.cursor);
  const parts = partsOf(query);
  const isFirst = query.cursor == null && query.until !== undefined;
  const latest = isFirst ? String((query.until ?? 0) + SLACK_MS) : null;
  return {
    genuine: parts.includes('genuine') ? (latest ?? genuine) : null,
    suspect: parts.includes('suspect') ? (latest ?? suspect) : null,
  };
};

/** A {@link JournalReader} of the entries of all replicas. */
export class RedisJournalReader implements JournalReader {
  readonly #options: JournalReaderOptions;

  constructor(options: JournalReaderOptions) {
    this.#options = options;
  }

  async list(query: JournalQuery): Promise<JournalPage> {
    const entries: JournalEntry[] = [];
    let seen = 0;
    for await (const { entry, next } of this.#newestFirst(startOf(query))) {
      seen += 1;
      if (seen > (query.depth ?? Number.POSITIVE_INFINITY)) break;
      if (query.since !== undefined && timeOf(entry) < query.since - SLACK_MS) break;
      if (!matchesQuery(entry, query)) continue;
      entries.push(entry);
      if (entries.length === query.limit) return { entries, next: cursorOf(next) };
    }
    return { entries, next: null };
  }

  async find(id: string): Promise<JournalEntry | null> {
    for await (const { entry } of this.#newestFirst(startOf({ limit: 1 }))) if (hasWholeId(entry, id)) return entry;
    return null;
  }

  async get(entryIds: readonly string[]): Promise<readonly JournalEntry[]> {
    const { redis, prefix } = this.#options;
    const found = await Promise.all(
      entryIds.map(async (entryId) => {
        const dash = entryId.indexOf('-');
        const part = journalParts.find((name) => name === entryId.slice(0, dash));
        const id = entryId.slice(dash + 1);
        if (part === undefined || !/^\d+-\d+$/.test(id)) return [];
        return this.#decode(part, await redis.xrangeBuffer(journalKey(prefix, part), id, id));
      }),
    );
    return found.flat();
  }

  async oldest(): Promise<number | null> {
    const { redis, prefix } = this.#options;
    const [first] = await redis.xrange(journalKey(prefix, 'genuine'), '-', '+', 'COUNT', 1);
    return first === undefined ? null : Number(first[0].split('-')[0]);
  }

  async *follow(signal: AbortSignal): AsyncGenerator<readonly JournalEntry[]> {
    const last = new Map<JournalPart, string>();
    for (const part of journalParts) {
      const [newest] = await this.#page(part, { from: '+', count: 1 });
      last.set(part, newest === undefined ? '0' : streamId(newest));
    }
    yield [];
    while (!signal.aborted) {
      const batches = await Promise.all(journalParts.map((part) => this.#after(part, last)));
      const entries = batches.flat().sort(byAge);
      if (entries.length > 0) yield entries;
      await wait(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Merges both parts, newest first, and yields with each entry the position after it. */
  async *#newestFirst(start: Positions): AsyncGenerator<{ readonly entry: JournalEntry; readonly next: Positions }> {
    const walks = { genuine: this.#walk('genuine', start.genuine), suspect: this.#walk('suspect', start.suspect) };
    const heads = { genuine: await headOf(walks.genuine), suspect: await headOf(walks.suspect) };
    let next = start;
    for (;;) {
      const { genuine, suspect } = heads;
      const entry = genuine !== null && (suspect === null || byAge(genuine, suspect) > 0) ? genuine : suspect;
      if (entry === null) return;
      const part = entry === genuine ? 'genuine' : 'suspect';
      heads[part] = await headOf(walks[part]);
      next = { ...next, [part]: heads[part] === null ? null : `(${streamId(entry)}` };
      yield { entry, next };
    }
  }

  /** The entries of a part from a position on, newest first. */
  async *#walk(part: JournalPart, start: string | null): AsyncGenerator<JournalEntry> {
    let from = start;
    while (from !== null) {
      const page = await this.#page(part, { from, count: PAGE });
      yield* page;
      const oldest = page.at(-1);
      from = oldest === undefined || page.length < PAGE ? null : `(${streamId(oldest)}`;
    }
  }

  async #page(part: JournalPart, { from, count }: { from: string; count: number }): Promise<JournalEntry[]> {
    const { redis, prefix } = this.#options;
    const found = await redis.xrevrangeBuffer(journalKey(prefix, part), from, '-', 'COUNT', count);
    return this.#decode(part, found);
  }

  /** Entries newer than the last one yielded. */
  async #after(part: JournalPart, last: Map<JournalPart, string>): Promise<JournalEntry[]> {
    const { redis, prefix } = this.#options;
    const key = journalKey(prefix, part);
    const found = await redis.xrangeBuffer(key, `(${last.get(part)}`, '+', 'COUNT', PAGE);
    const entries = await this.#decode(part, found);
    const newest = entries.at(-1);
    if (newest !== undefined) last.set(part, streamId(newest));
    return entries;
  }

  async #decode(part: JournalPart, found: readonly Found[]): Promise<JournalEntry[]> {
    const { redis, prefix, cipher } = this.#options;
    if (found.length === 0) return [];
    const ids = found.map(([id]) => Buffer.from(id).toString());
    const counted = await redis.hmget(repeatsKey(prefix, part), ...ids.flatMap((id) => [id, `${id}@`]));
    return found.map(([, fields], index) => {
      const [count, lastReceivedAt] = [counted[2 * index], counted[2 * index + 1]].map(Number);
      const repeats = count ? { count, lastReceivedAt: lastReceivedAt ?? 0 } : undefined;
      return decodeEntry({ part, id: ids[index] ?? '', fields, repeats }, cipher);
    });
  }
}

const headOf = async (walk: AsyncGenerator<JournalEntry>): Promise<JournalEntry | null> => {
  const { value, done } = await walk.next();
  return done === true ? null : value;
};
