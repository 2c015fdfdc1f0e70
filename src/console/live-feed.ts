import { PassThrough } from 'node:stream';
import type { JournalEntry } from '../receive/journal.ts';
import type { Html } from './html.ts';

/** The parts of a page that can be live. */
export const liveParts = ['health', 'chart', 'queues', 'feed'] as const;
export type LivePart = (typeof liveParts)[number];

export type LiveFeedOptions = {
  /** The newest entries, the newest first. */
  readonly newest: () => Promise<readonly JournalEntry[]>;
  readonly follow: (signal: AbortSignal) => AsyncIterable<readonly JournalEntry[]>;
  readonly rows: (entries: readonly JournalEntry[]) => Html;
  /** Draws every part but the feed. */
  readonly draw: (part: Exclude<LivePart, 'feed'>) => Promise<Html>;
  readonly onError: (error: unknown) => void;
};

type Client = { readonly stream: PassThrough; readonly parts: ReadonlySet<LivePart> };

const MAX_CLIENTS = 30;
/** How often messages are sent, in milliseconds: a thousand callbacks per second make two messages. */
const FEED_MS = 500;
const PARTS_MS = 2000;
/** Most rows of a message; pages show no more. */
const MAX_ROWS = 50;
/** A client with more unread bytes is disconnected; it reconnects by itself. */
const MAX_UNREAD = 1_048_576;
/** After this time a client must reconnect, and prove again who it is. */
const STREAM_MS = 15 * 60_000;
const RETRY_MS = 1000;

const message = (part: LivePart, content: Html, count = 0): string =>
  `event: ${part}\ndata: ${JSON.stringify({ html: content.toString(), count })}\n\n`;

/**
 * Sends changes to open pages as server-sent events. They are read and drawn once for all clients, and only while there
 * are any.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #clients = new Set<Client>();
  /** Not sent yet, newest first. */
  #arrived: JournalEntry[] = [];
  #count = 0;
  /** The parts as they were sent last. */
  readonly #sent = new Map<LivePart, string>();
  #working: AbortController | null = null;
  #isClosed = false;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** A stream of the parts, or null when there are too many clients or the service stops. */
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
    for (const [part, text] of this.#sent) if (parts.has(part)) client.stream.write(text);
    if (parts.has('feed')) this.#greet(client);
    this.#work();
    return client.stream;
  }

  /** Ends every stream. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const { stream } of this.#clients) stream.end();
  }

  /** Sends the latest rows, so that a client that reconnects misses nothing that it would show. */
  #greet(client: Client): void {
    this.#options
      .newest()
      .then((entries) => this.#send(client, message('feed', this.#options.rows(entries.slice(0, MAX_ROWS)))))
      .catch(this.#options.onError);
  }

  #work(): void {
    if (this.#working !== null) return;
    const working = new AbortController();
    this.#working = working;
    this.#every(FEED_MS, working.signal, async () => this.#sendFeed());
    this.#every(PARTS_MS, working.signal, () => this.#sendParts());
    void this.#listen(working.signal);
  }

  #stop(): void {
    this.#working?.abort();
    this.#working = null;
    this.#sent.clear();
    this.#arrived = [];
    this.#count = 0;
  }

  #every(milliseconds: number, signal: AbortSignal, work: () => Promise<void>): void {
    const turn = async (): Promise<void> => {
      await work().catch(this.#options.onError);
      if (!signal.aborted) setTimeout(turn, milliseconds).unref();
    };
    void turn();
  }

  async #listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const batch of this.#options.follow(signal)) this.#collect(batch);
      } catch (error) {
        this.#options.onError(error);
      }
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      for (const client of this.#clients) if (client.parts.has('feed')) this.#greet(client);
    }
  }

  #collect(batch: readonly JournalEntry[]): void {
    this.#count += batch.length;
    const newestFirst = [...batch, ...this.#arrived].toSorted((a, b) => b.receivedAt - a.receivedAt);
    this.#arrived = newestFirst.slice(0, MAX_ROWS);
  }

  #sendFeed(): void {
    if (this.#count === 0) return;
    const text = message('feed', this.#options.rows(this.#arrived), this.#count);
    this.#arrived = [];
    this.#count = 0;
    this.#broadcast('feed', text);
  }

  async #sendParts(): Promise<void> {
    for (const part of liveParts) {
      if (part === 'feed' || ![...this.#clients].some(({ parts }) => parts.has(part))) continue;
      const text = message(part, await this.#options.draw(part));
      if (this.#working === null || this.#sent.get(part) === text) continue;
      this.#sent.set(part, text);
      this.#broadcast(part, text);
    }
    for (const client of this.#clients) this.#send(client, ': keep-alive\n\n');
  }

  #broadcast(part: LivePart, text: string): void {
    for (const client of this.#clients) if (client.parts.has(part)) this.#send(client, text);
  }

  #send({ stream }: Client, text: string): void {
    if (stream.writableEnded) return;
    if (stream.writableLength > MAX_UNREAD) stream.destroy();
    else stream.write(text);
  }
}
