import { queues } from '../core/queues.ts';
import { products } from '../products/registry.ts';
import type { RedisClient } from '../redis/connection/connection.ts';
import type { Reporter } from './reporter.ts';

type CheckOptions = {
  readonly redis: RedisClient;
  readonly prefix: string;
  /** The queues that this consumer has workers for. */
  readonly consumed: readonly string[];
};

/** Queues that only the service opens: they exist once a service has started with this prefix. */
const SERVICE_QUEUES = [queues.confirmation, queues.reconciliation];

const keyOf = (prefix: string, queue: string, part: string): string => `${prefix}:{${queue}}:${part}`;

const wasOpenedByService = async ({ redis, prefix }: CheckOptions): Promise<boolean> => {
  const counts = await Promise.all(SERVICE_QUEUES.map((queue) => redis.exists(keyOf(prefix, queue, 'meta'))));
  return counts.some((count) => count > 0);
};

/** Queues with waiting jobs and without a worker here; not those of findings and unrecognized callbacks, which can wait. */
const waitingElsewhere = async ({ redis, prefix, consumed }: CheckOptions): Promise<string[]> => {
  const names = [...products.map(({ product }) => product), queues.paymentVerification];
  const others = names.filter((name) => !consumed.includes(name));
  const lengths = await Promise.all(others.map((queue) => redis.llen(keyOf(prefix, queue, 'wait'))));
  return others.flatMap((queue, index) => ((lengths[index] ?? 0) > 0 ? [`${lengths[index]} on {${queue}}`] : []));
};

/** Finds likely mistakes in the setup of a consumer, each as a sentence. */
const checkQueues = async (options: CheckOptions): Promise<string[]> => {
  if (!(await wasOpenedByService(options))) {
    return [
      `no service has ever written under the prefix "${options.prefix}" in this Redis: compare REDIS_URL and QUEUE_PREFIX with those of the service; waiting for events`,
    ];
  }
  const waiting = await waitingElsewhere(options);
  if (waiting.length === 0) return [];
  return [
    `jobs wait on queues without a handler here: ${waiting.join(', ')}; add a handler unless another worker takes them`,
  ];
};

/** Reports likely mistakes in the setup of a consumer once, when Redis is first connected. */
export const reportMistakes = (options: CheckOptions, reporter: Reporter): void => {
  const check = async (): Promise<void> => {
    for (const sentence of await checkQueues(options)) reporter.hint(sentence);
  };
  options.redis.once('ready', () => void check().catch(() => undefined));
};
