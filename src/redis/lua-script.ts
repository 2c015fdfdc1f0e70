import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'ioredis';
import type { RedisClient } from './connection/connection.ts';

type Argument = string | number | Buffer;

/**
 * Sends a command with many arguments, and releases them once it has been answered. Otherwise they would remain in memory
 * until the next full collection: ioredis stores a function in a property of each command, and V8 allocates such functions
 * in the old generation, where they keep their command alive (docs/performance.md).
 */
export const sendCommand = async (redis: RedisClient, name: string, args: Argument[]): Promise<unknown> => {
  const command = new Command(name, args, { replyEncoding: 'utf8' });
  try {
    return await redis.sendCommand(command);
  } finally {
    command.args = [];
  }
};

/** One item of a script call failed; the other items are not affected. */
class ItemError extends Error {
  override readonly name = 'ItemError';
}

/** Reads the reply to one item of a script call: the text of an error when the item failed. */
export const readItemReply = <Reply, Answer>(reply: Reply | string, read: (reply: Reply) => Answer): Answer | Error => {
  if (typeof reply === 'string') return new ItemError(reply);
  try {
    return read(reply);
  } catch (error) {
    return error instanceof Error ? error : new ItemError(String(error));
  }
};

export type Script<Reply> = (keys: readonly string[], args: readonly Argument[]) => Promise<Reply>;

const isNotCached = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');

/** Makes a Lua script callable. Its text is sent only when Redis does not have it yet. `Reply` is the type of its reply. */
export const createScript = <Reply>(redis: RedisClient, lua: string): Script<Reply> => {
  const digest = hash('sha1', lua);
  return async (keys, args) => {
    const rest = [keys.length, ...keys, ...args];
    try {
      return (await sendCommand(redis, 'evalsha', [digest, ...rest])) as Reply;
    } catch (error) {
      if (!isNotCached(error)) throw error;
      return (await sendCommand(redis, 'eval', [lua, ...rest])) as Reply;
    }
  };
};

/** Makes a script of scripts/ callable; the build copies these files beside the compiled ones. */
export const loadScript = <Reply>(redis: RedisClient, name: string): Script<Reply> =>
  createScript(redis, readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8'));
