import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

/** How long a login lasts, in milliseconds: a working day. */
export const SESSION_MS = 8 * 60 * 60 * 1000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two texts are the same, in a time that does not tell how far they agree. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export const isToken = (given: string, token: Secret): boolean => isSame(given, token.reveal());

/** Signed with a key made from the token, so that a session holds on all replicas and ends when the token changes. */
const signatureOf = (content: string, token: Secret): string => {
  const key = createHmac('sha256', token.reveal()).update('paycools-webhooks console session').digest();
  return createHmac('sha256', key).update(content).digest('base64url');
};

/** Makes the value of a session's cookie: when it ends, and proof that somebody who knew the token began it. */
export const createSession = (token: Secret, now: number): string => {
  const content = `${now + SESSION_MS}.${randomBytes(12).toString('base64url')}`;
  return `${content}.${signatureOf(content, token)}`;
};

export const isSession = (value: string, token: Secret, now: number): boolean => {
  const [until = '', mark = '', signature = ''] = value.split('.');
  return isSame(signature, signatureOf(`${until}.${mark}`, token)) && /^\d+$/.test(until) && Number(until) > now;
};
