/** What a client does with a queue, in whatever language it is written. */
export type Command =
  | { readonly do: 'pause' | 'resume' | 'drain' | 'obliterate' | 'promote' | 'retryAll' }
  | { readonly do: 'retry'; readonly id: string }
  | Take;

/** Handles jobs until `count` of them have ended, and gives the ids of their events. */
export type Take = {
  readonly do: 'take';
  readonly count: number;
  /** `later` fails in a way that is tried again, `fail` for good. */
  readonly how: 'complete' | 'fail' | 'later';
  readonly limiter?: { readonly max: number; readonly duration: number };
};

/** A BullMQ client of some version on one queue. */
type Client = AsyncDisposable & {
  readonly perform: (command: Command) => Promise<readonly string[] | null>;
};

export type Where = { readonly url: string; readonly prefix: string; readonly queue: string };

export type OpenClient = (where: Where) => Promise<Client>;
