import type { Cluster, Redis } from 'ioredis';
import type { RedisNode } from './redis-node.ts';
import type { TcpProxy } from './tcp-proxy.ts';

export type TopologyName = 'single' | 'endpoint' | 'sentinel' | 'cluster' | 'tls';

/** A Redis set-up on loopback. */
export type Topology = AsyncDisposable & {
  readonly name: TopologyName;
  /** REDIS_URL of the receiver. */
  readonly url: string;
  /** Further variables that the receiver needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly RedisNode[];
  /** The user that the receiver logs in as, if it has one. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The proxy between receiver and Redis, if there is one. */
  readonly proxy: TcpProxy | null;
  /** The node that accepts writes now; the first one of a cluster. */
  readonly primary: () => Promise<RedisNode>;
  /** Connects the suite without a proxy. The caller disconnects. */
  readonly connect: () => Promise<Redis | Cluster>;
};

/** Opens a topology on a stack, which is released by its disposal, or at once if opening fails half-way. */
export const opened = async <Value>(
  open: (stack: AsyncDisposableStack) => Promise<Value>,
): Promise<Value & AsyncDisposable> => {
  await using stack = new AsyncDisposableStack();
  const value = await open(stack);
  const kept = stack.move();
  return { ...value, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

let count = 0;

/** A data folder that no other test on this machine uses. */
export const newDataDir = (name: string): string => {
  count += 1;
  return `.data/faults-${process.pid}-${count}-${name}`;
};
