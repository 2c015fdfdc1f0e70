import { queues } from '../core/queues.ts';
import { products } from '../products/registry.ts';
import type { RedisClient } from '../redis/connection/connection.ts';

export type CheckedQueues = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** The queues that this consumer has workers for. */
  readonly consumed: ReadonlySet<string>;
};

/** Queues that only the service opens: they exist as soon as one has started under a prefix. */
const SERVICE_QUEUES = [queues.confirmation, queues.reconciliation];

const keyOf = (prefix: string, queue: string, part: string): string => `${prefix}:{${queue}}:${part}`;

const wasOpenedByService = async ({ redis, prefix }: CheckedQueues): Promise<boolean> => {
  const found = await Promise.all(SERVICE_QUEUES.map((queue) => redis.exists(keyOf(prefix, queue, 'meta'))));
  return found.some((count) => count > 0);
};

/** Queues without a worker here on which jobs wait. Findings and unrecognized callbacks are for people, too. */
const waitingElsewhere = async ({ redis, prefix, consumed }: CheckedQueues): Promise<string[]> => {
  const names = [...products.map(({ product }) => product), queues.paymentVerification];
  const others = names.filter((name) => !consumed.has(name));
  const lengths = await Promise.all(others.map((queue) => redis.llen(keyOf(prefix, queue, 'wait'))));
  return others.flatMap((queue, index) => ((lengths[index] ?? 0) > 0 ? [`${lengths[index]} on {${queue}}`] : []));
};

/** What a person who set up this consumer should know, as sentences; none where all is well. */
export const checkQueues = async (checked: CheckedQueues): Promise<string[]> => {
  if (!(await wasOpenedByService(checked))) {
    return [
      `no service has ever written under the prefix "${checked.prefix}" in this Redis: compare REDIS_URL and QUEUE_PREFIX of the service; waiting for events`,
    ];
  }
  const waiting = await waitingElsewhere(checked);
  if (waiting.length === 0) return [];
  return [
    `jobs wait on queues without a handler here: ${waiting.join(', ')}; add a handler unless another worker takes them`,
  ];
};
