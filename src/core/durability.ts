import { fail, ok, type Result } from './result.ts';

/**
 * When an event counts as stored. `fsync`: once Redis has synced it to disk. `replicas`: once `count` replicas have it
 * too. `none`: as soon as Redis has replied.
 */
export type Durability =
  | { readonly level: 'fsync' }
  | { readonly level: 'replicas'; readonly count: number }
  | { readonly level: 'none' };

const MAX_REPLICAS = 9;

/** Reads DURABILITY: `fsync`, `replicas:N` or `none`. */
export const parseDurability = (text: string): Result<Durability, string> => {
  if (text === 'fsync' || text === 'none') return ok({ level: text });
  const count = Number(/^replicas:(\d)$/.exec(text)?.[1]);
  if (count >= 1 && count <= MAX_REPLICAS) return ok({ level: 'replicas', count });
  return fail('must be fsync, replicas:N (N from 1 to 9) or none');
};
