import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'ioredis';
import type { RedisClient } from './connection/connection.ts';

type Argument = string | number | Buffer;

/**
 * Sends a command with many arguments, and releases them once it has been answered. Otherwise all of them, the events of
 * a batch, would stay until the next full collection: ioredis assigns a function to a property of each command, and V8
 * places such a function among the old objects from the beginning, where it holds the command (docs/performance.md).
 */
export const send = async (redis: RedisClient, name: string, args: Argument[]): Promise<unknown> => {
  const command = new Command(name, args, { replyEncoding: 'utf8' });
  try {
    return await redis.sendCommand(command);
  } finally {
    command.args = [];
  }
};

/** What Redis refused for one item of a script call; the other items are not concerned. */
class ItemError extends Error {
  override readonly name = 'ItemError';
}

/** The answer to one item of a script call: scripts answer a text where something went wrong with it. */
export const answerTo = <Reply, Answer>(reply: Reply | string, read: (reply: Reply) => Answer): Answer | Error => {
  if (typeof reply === 'string') return new ItemError(reply);
  try {
    return read(reply);
  } catch (error) {
    return error instanceof Error ? error : new ItemError(String(error));
  }
};

export type Script<Reply> = (keys: readonly string[], args: readonly Argument[]) => Promise<Reply>;

const isUnknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');

/** The text of a script of this folder: the build copies them beside the compiled files. */
export const readScript = (name: string): string =>
  readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8');

/** Makes a Lua script callable; its text is sent only where Redis does not know it yet. `Reply` is what it returns. */
export const createScript = <Reply>(redis: RedisClient, lua: string): Script<Reply> => {
  const digest = hash('sha1', lua);
  return async (keys, args) => {
    const rest = [keys.length, ...keys, ...args];
    try {
      return (await send(redis, 'evalsha', [digest, ...rest])) as Reply;
    } catch (error) {
      if (!isUnknown(error)) throw error;
      return (await send(redis, 'eval', [lua, ...rest])) as Reply;
    }
  };
};
