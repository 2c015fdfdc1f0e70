import type { RedisClient } from '../redis/connection/connection.ts';
import type { AuditEntry } from './operations.ts';

/** Actions that are kept, about. */
const MAX_ENTRIES = 10_000;

export type AuditLogOptions = { readonly redis: RedisClient; readonly prefix: string };

/** What operators did, in a Redis stream: the newest ten thousand actions, for as long as Redis keeps them. */
export class AuditLog {
  readonly #redis: RedisClient;
  readonly #key: string;

  constructor({ redis, prefix }: AuditLogOptions) {
    this.#redis = redis;
    this.#key = `${prefix}:audit`;
  }

  async note(entry: AuditEntry): Promise<void> {
    await this.#redis.xadd(this.#key, 'MAXLEN', '~', MAX_ENTRIES, '*', 'action', JSON.stringify(entry));
  }

  /** The newest first. */
  async latest(limit: number): Promise<readonly AuditEntry[]> {
    const found = await this.#redis.xrevrange(this.#key, '+', '-', 'COUNT', limit);
    return found.map(([, fields]) => JSON.parse(fields[1] ?? '') as AuditEntry);
  }
}
