import { once } from 'node:events';
import type { Command, Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { createScript, sendCommand } from '../../src/redis/lua-script.ts';
import { openNamespace } from '../support/namespace.ts';

/** The commands that a client is given after it has connected. */
const watch = async (redis: Redis): Promise<Command[]> => {
  if (redis.status !== 'ready') await once(redis, 'ready');
  const sent: Command[] = [];
  const original = redis.sendCommand.bind(redis);
  vi.spyOn(redis, 'sendCommand').mockImplementation((command) => {
    sent.push(command);
    return original(command);
  });
  return sent;
};

it('sends the text of a script only if Redis does not have it', async () => {
  const { redis, prefix } = openNamespace();
  const sent = await watch(redis);
  const join = createScript<string>(redis, `return KEYS[1] .. ARGV[1] .. ARGV[2] -- ${prefix}`);
  expect(await join(['a'], ['b', 1])).toBe('ab1');
  expect(await join(['a'], ['c', 2])).toBe('ac2');
  expect(sent.map(({ name }) => name)).toEqual(['evalsha', 'eval', 'evalsha']);
});

it('releases the arguments of a command once it is answered, not before', async () => {
  const { redis, prefix } = openNamespace();
  const sent = await watch(redis);
  const answer = sendCommand(redis, 'sadd', [`${prefix}:set`, 'one', 'two']);
  expect(sent[0]?.args).toHaveLength(3);
  expect(await answer).toBe(2);
  expect(sent[0]?.args).toEqual([]);
});

it('rejects with errors of a script and of Redis', async () => {
  const { redis, prefix } = openNamespace();
  const client = redis.duplicate();
  const sent = await watch(client);
  const broken = createScript(client, `return redis.call('HGET', KEYS[1], 'x') -- ${prefix}`);
  await redis.set(`${prefix}:text`, 'x');
  await expect(broken([`${prefix}:text`], [])).rejects.toThrow('WRONGTYPE');
  client.disconnect();
  await expect(broken([`${prefix}:text`], [])).rejects.toThrow('Connection is closed');
  expect(sent.map(({ name, args }) => [name, args])).toEqual([
    ['evalsha', []],
    ['eval', []],
    ['evalsha', []],
  ]);
});
