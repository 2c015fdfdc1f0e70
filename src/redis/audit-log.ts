import type { AuditEntry, AuditLog } from '../operate/ports.ts';
import type { RedisClient } from './connection/connection.ts';

/** Approximate number of actions that are kept. */
const MAX_ENTRIES = 10_000;

export type AuditLogOptions = { readonly redis: RedisClient; readonly prefix: string };

/** An {@link AuditLog} in a Redis stream. It does not expire. */
export class RedisAuditLog implements AuditLog {
  readonly #redis: RedisClient;
  readonly #key: string;

  constructor({ redis, prefix }: AuditLogOptions) {
    this.#redis = redis;
    this.#key = `${prefix}:audit`;
  }

  async record(entry: AuditEntry): Promise<void> {
    await this.#redis.xadd(this.#key, 'MAXLEN', '~', MAX_ENTRIES, '*', 'action', JSON.stringify(entry));
  }

  async latest(limit: number): Promise<readonly AuditEntry[]> {
    const entries = await this.#redis.xrevrange(this.#key, '+', '-', 'COUNT', limit);
    return entries.map(([, fields]) => JSON.parse(fields[1] ?? '') as AuditEntry);
  }
}
