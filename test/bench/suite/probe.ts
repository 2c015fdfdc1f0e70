// Work without a server, on the same bodies and in its own process: verification alone, the check of an RSA signature alone,
// and a script that stores the bytes, called from the receiver's client.
import { fork } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { parseRedisUrl } from '../../../src/core/redis-url.ts';
import { Secret } from '../../../src/core/secret.ts';
import { connectProducer } from '../../../src/redis/connection/connection.ts';
import { verifyCallback } from '../../../src/verify/callback.ts';
import { verifyRsa } from '../../../src/verify/rsa.ts';
import { end, track } from '../../support/children.ts';
import { type Batch, bodiesOf, SECRET } from './bodies.ts';
import { imageFlags } from './server.ts';

export type ProbeTask =
  | { readonly kind: 'verification'; readonly batch: Batch }
  | { readonly kind: 'rsa'; readonly batch: Batch; readonly publicKey: string }
  | { readonly kind: 'store'; readonly batch: Batch; readonly redisUrl: string };

/** Number of commands that are sent together. */
const PIPELINE = 64;

const usedMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const verification = (bodies: readonly Buffer[]): void => {
  const keys = { secrets: [new Secret(SECRET)] };
  for (const body of bodies) if (!verifyCallback(body, keys)) throw new Error('a body is not genuine');
};

const rsa = (bodies: readonly Buffer[], pem: string): void => {
  const key = createPublicKey(pem);
  for (const body of bodies) {
    const { param, sign } = JSON.parse(body.toString()) as { param: string; sign: string };
    if (!verifyRsa(param, sign, key)) throw new Error('a body is not genuine');
  }
};

const store = async (bodies: readonly Buffer[], redisUrl: string): Promise<void> => {
  const address = parseRedisUrl(redisUrl);
  if (!address.ok) throw new Error(address.error);
  const redis = connectProducer(address.value, 'bench');
  await once(redis, 'ready');
  redis.defineCommand('storeBody', {
    numberOfKeys: 1,
    lua: "return redis.call('XADD', KEYS[1], '*', 'body', ARGV[1])",
  });
  for (let start = 0; start < bodies.length; start += PIPELINE) {
    const pipeline = redis.pipeline();
    // The types do not know the command that was just defined.
    const store = pipeline as unknown as BodyStore;
    for (const body of bodies.slice(start, start + PIPELINE)) store.storeBody('bench', body);
    await pipeline.exec();
  }
  redis.disconnect();
};

type BodyStore = { storeBody(key: string, body: Buffer): unknown };

const perform = async (task: ProbeTask): Promise<number> => {
  const bodies = bodiesOf(task.batch).map(({ body }) => Buffer.from(body));
  const before = usedMicros();
  if (task.kind === 'verification') verification(bodies);
  else if (task.kind === 'rsa') rsa(bodies, task.publicKey);
  else await store(bodies, task.redisUrl);
  return (usedMicros() - before) / bodies.length;
};

/** A probe that stays warm between rounds. */
export const openProbe = () => {
  const child = track(fork(import.meta.filename, ['probe'], { execArgv: imageFlags() }));
  return {
    /** Returns the processor time per body, in microseconds. */
    run: async (task: ProbeTask): Promise<number> => {
      child.send(task);
      const [micros] = await once(child, 'message');
      return micros as number;
    },
    [Symbol.asyncDispose]: () => end(child, 'SIGKILL'),
  };
};

if (process.argv[2] === 'probe') {
  process.on('message', async (task: ProbeTask) => process.send?.(await perform(task)));
}
