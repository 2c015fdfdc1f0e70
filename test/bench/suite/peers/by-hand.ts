import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';

/** What the process gets: a port to listen on, a Redis, and the callback secret. */
export const given = {
  port: Number(process.env['PORT']),
  redisPort: Number(process.env['REDIS_PORT']),
  secret: process.env['PAYCOOLS_CALLBACK_SECRET'] ?? '',
};

export type Body = Readonly<Record<string, unknown>>;

/** The signature check as a merchant would write it after reading the page of PayCools once. */
export const isGenuine = (body: Body): boolean => {
  const text = Object.keys(body)
    .filter((name) => name !== 'sign' && body[name] !== null && body[name] !== '')
    .sort()
    .map((name) => `${name}=${body[name]}`)
    .join('&');
  return createHash('sha1').update(`${text}&secret=${given.secret}`).digest('hex') === body['sign'];
};

export const openQueue = (): Queue =>
  new Queue('callbacks', { connection: { host: '127.0.0.1', port: given.redisPort } });

export const ACKNOWLEDGEMENT = { code: 1, msg: 'success', data: {} };
