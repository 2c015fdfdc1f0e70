/** A command to a client, whatever its language. */
export type Command =
  | { readonly do: 'pause' | 'resume' | 'drain' | 'obliterate' | 'promote' | 'retryAll' }
  | { readonly do: 'retry'; readonly id: string }
  | Take;

/** Handles jobs until `count` of them have ended, and returns the ids of their events. */
export type Take = {
  readonly do: 'take';
  readonly count: number;
  /** `later` fails with a retry, `fail` without one. */
  readonly how: 'complete' | 'fail' | 'later';
  readonly limiter?: { readonly max: number; readonly duration: number };
};

/** A BullMQ client of any version or language, on one queue. */
type Client = AsyncDisposable & {
  readonly perform: (command: Command) => Promise<readonly string[] | null>;
};

export type Where = { readonly url: string; readonly prefix: string; readonly queue: string };

export type OpenClient = (where: Where) => Promise<Client>;
