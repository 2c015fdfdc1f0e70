import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

/** Lifetime of a login, in milliseconds: a working day. */
export const SESSION_MS = 8 * 60 * 60 * 1000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares two texts in constant time. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export const isToken = (given: string, token: Secret): boolean => isSame(given, token.reveal());

/** Signed with a key derived from the token, so that a session is valid on all replicas and ends when the token changes. */
const signatureOf = (content: string, token: Secret): string => {
  const key = createHmac('sha256', token.reveal()).update('paycools-webhooks console session').digest();
  return createHmac('sha256', key).update(content).digest('base64url');
};

/** The value of a session cookie: when the session ends, and proof that it was started with the token. */
export const createSession = (token: Secret, now: number): string => {
  const content = `${now + SESSION_MS}.${randomBytes(12).toString('base64url')}`;
  return `${content}.${signatureOf(content, token)}`;
};

export const isSession = (value: string, token: Secret, now: number): boolean => {
  const [until = '', nonce = '', signature = ''] = value.split('.');
  return isSame(signature, signatureOf(`${until}.${nonce}`, token)) && /^\d+$/.test(until) && Number(until) > now;
};
