import { PassThrough } from 'node:stream';
import type { JournalEntry } from '../receive/journal.ts';
import type { Html } from './html.ts';

/** The parts of a page that can update live. */
export const liveParts = ['health', 'chart', 'queues', 'feed'] as const;
export type LivePart = (typeof liveParts)[number];

export type LiveFeedOptions = {
  /** The latest entries, newest first. */
  readonly newest: (limit: number) => Promise<readonly JournalEntry[]>;
  readonly follow: (signal: AbortSignal) => AsyncIterable<readonly JournalEntry[]>;
  readonly rows: (entries: readonly JournalEntry[]) => Html;
  /** Renders any part except the feed. */
  readonly render: (part: Exclude<LivePart, 'feed'>) => Promise<Html>;
  readonly onError: (error: unknown) => void;
};

type Client = { readonly stream: PassThrough; readonly parts: ReadonlySet<LivePart> };

const MAX_CLIENTS = 30;
/** Interval between messages of the feed, in milliseconds: even a thousand callbacks per second make only two of them. */
const FEED_MS = 500;
/** Interval between updates of the other parts, in milliseconds. */
const PARTS_MS = 2000;
/** Maximum number of rows in a message; a page shows no more. */
export const FEED_ROWS = 50;
/** A client with more unread bytes than this is disconnected; it reconnects by itself. */
const MAX_UNREAD_BYTES = 1_048_576;
/** Lifetime of a stream, in milliseconds; the client then reconnects and is authenticated again. */
const STREAM_MS = 15 * 60_000;
/** Delay before the journal is followed again after an error, in milliseconds. */
const RETRY_MS = 1000;

const message = (part: LivePart, content: Html, count = 0): string =>
  `event: ${part}\ndata: ${JSON.stringify({ html: content.toString(), count })}\n\n`;

/**
 * Sends changes to open pages as server-sent events. They are read and rendered once for all clients, and only while
 * any are connected.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #clients = new Set<Client>();
  /** Entries not sent yet, newest first, up to {@link FEED_ROWS}. */
  #pending: JournalEntry[] = [];
  /** Number of entries not sent yet. */
  #pendingCount = 0;
  /** The latest message of each part. */
  readonly #latest = new Map<LivePart, string>();
  /** Stops reading; null while there are no clients. */
  #reading: AbortController | null = null;
  #isClosed = false;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** Opens a stream of the parts; null if there are too many clients or the service is stopping. */
  open(parts: ReadonlySet<LivePart>): PassThrough | null {
    if (this.#isClosed || this.#clients.size >= MAX_CLIENTS) return null;
    const client: Client = { stream: new PassThrough(), parts };
    const timer = setTimeout(() => client.stream.end(), STREAM_MS).unref();
    this.#clients.add(client);
    client.stream.on('error', () => undefined);
    client.stream.once('close', () => {
      clearTimeout(timer);
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#stop();
    });
    client.stream.write('retry: 2000\n\n');
    for (const [part, text] of this.#latest) if (parts.has(part)) client.stream.write(text);
    if (parts.has('feed')) this.#sendNewest(client);
    this.#start();
    return client.stream;
  }

  /** Ends every stream. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const { stream } of this.#clients) stream.end();
  }

  /** Sends the newest rows, so that a client that reconnects has missed none of them. */
  #sendNewest(client: Client): void {
    this.#options
      .newest(FEED_ROWS)
      .then((entries) => this.#send(client, message('feed', this.#options.rows(entries))))
      .catch(this.#options.onError);
  }

  #start(): void {
    if (this.#reading !== null) return;
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    this.#every(FEED_MS, signal, async () => this.#sendFeed());
    this.#every(PARTS_MS, signal, () => this.#sendParts());
    void this.#follow(signal);
  }

  #stop(): void {
    this.#reading?.abort();
    this.#reading = null;
    this.#latest.clear();
    this.#pending = [];
    this.#pendingCount = 0;
  }

  #every(milliseconds: number, signal: AbortSignal, work: () => Promise<void>): void {
    const tick = async (): Promise<void> => {
      await work().catch(this.#options.onError);
      if (!signal.aborted) setTimeout(tick, milliseconds).unref();
    };
    void tick();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const batch of this.#options.follow(signal)) this.#collect(batch);
      } catch (error) {
        this.#options.onError(error);
      }
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      for (const client of this.#clients) if (client.parts.has('feed')) this.#sendNewest(client);
    }
  }

  #collect(batch: readonly JournalEntry[]): void {
    this.#pendingCount += batch.length;
    const newestFirst = [...batch, ...this.#pending].toSorted((a, b) => b.receivedAt - a.receivedAt);
    this.#pending = newestFirst.slice(0, FEED_ROWS);
  }

  #sendFeed(): void {
    if (this.#pendingCount === 0) return;
    const text = message('feed', this.#options.rows(this.#pending), this.#pendingCount);
    this.#pending = [];
    this.#pendingCount = 0;
    this.#broadcast('feed', text);
  }

  async #sendParts(): Promise<void> {
    for (const part of liveParts) {
      if (part === 'feed' || ![...this.#clients].some(({ parts }) => parts.has(part))) continue;
      const text = message(part, await this.#options.render(part));
      if (this.#reading === null || this.#latest.get(part) === text) continue;
      this.#latest.set(part, text);
      this.#broadcast(part, text);
    }
    for (const client of this.#clients) this.#send(client, ': keep-alive\n\n');
  }

  #broadcast(part: LivePart, text: string): void {
    for (const client of this.#clients) if (client.parts.has(part)) this.#send(client, text);
  }

  #send({ stream }: Client, text: string): void {
    if (stream.writableEnded) return;
    if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
    else stream.write(text);
  }
}
