import type { Cluster, Redis } from 'ioredis';
import type { RedisNode } from './redis-node.ts';
import type { TcpProxy } from './tcp-proxy.ts';

export type TopologyName = 'single' | 'endpoint' | 'sentinel' | 'cluster' | 'tls';

/** A Redis set-up on loopback, started for the test and gone with it. */
export type Topology = AsyncDisposable & {
  readonly name: TopologyName;
  /** What the receiver gets as REDIS_URL. */
  readonly url: string;
  /** What else the receiver's environment needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly RedisNode[];
  /** The user that the receiver is for Redis, where it is one of its own. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The proxy between receiver and Redis, where there is one. */
  readonly proxy: TcpProxy | null;
  /** The node that takes writes now; the first one in a cluster. */
  readonly primary: () => Promise<RedisNode>;
  /** A client of the suite's own that passes every proxy by. The caller disconnects it. */
  readonly connect: () => Promise<Redis | Cluster>;
};

/** Everything that a topology opens goes on the stack; when opening fails half-way, it is released too. */
export const opened = async <Value>(
  open: (stack: AsyncDisposableStack) => Promise<Value>,
): Promise<Value & AsyncDisposable> => {
  await using stack = new AsyncDisposableStack();
  const value = await open(stack);
  const kept = stack.move();
  return { ...value, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

let count = 0;

/** A data folder that no other test of this machine uses. */
export const newDataDir = (name: string): string => {
  count += 1;
  return `.data/faults-${process.pid}-${count}-${name}`;
};
