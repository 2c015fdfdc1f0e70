import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';

/** The settings of a peer, from its environment. */
export const settings = {
  port: Number(process.env['PORT']),
  redisPort: Number(process.env['REDIS_PORT']),
  secret: process.env['PAYCOOLS_CALLBACK_SECRET'] ?? '',
};

export type Body = Readonly<Record<string, unknown>>;

/** The signature check as a merchant would write it after one look at PayCools's documentation. */
export const isGenuine = (body: Body): boolean => {
  const text = Object.keys(body)
    .filter((name) => name !== 'sign' && body[name] !== null && body[name] !== '')
    .sort()
    .map((name) => `${name}=${body[name]}`)
    .join('&');
  return createHash('sha1').update(`${text}&secret=${settings.secret}`).digest('hex') === body['sign'];
};

export const openQueue = (): Queue =>
  new Queue('callbacks', { connection: { host: '127.0.0.1', port: settings.redisPort } });

export const ACKNOWLEDGEMENT = { code: 1, msg: 'success', data: {} };
