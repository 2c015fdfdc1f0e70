import { hash } from 'node:crypto';
import { Command } from 'ioredis';
import type { RedisClient } from './connection/connection.ts';

type Argument = string | number | Buffer;

/**
 * Sends a command of many arguments, and lets go of them when it is answered. Otherwise all of them, the events of a
 * batch, would stay until the next full collection: ioredis assigns a function to a property of each command, and V8
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

export type Script<Reply> = (keys: readonly string[], args: readonly Argument[]) => Promise<Reply>;

const isUnknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');

/** A script in Lua, whose text goes to Redis only where Redis does not know it yet. `Reply` is what it returns. */
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
