import { createHmac } from 'node:crypto';
import { fail, ok, type Result } from '../core/result.ts';
import type { Secret } from '../core/secret.ts';

const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Decodes a secret in the format of Standard Webhooks: `whsec_` followed by 24 to 64 bytes in base64.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const readWebhookSecret = (secret: Secret): Result<Buffer, string> => {
  const text = secret.reveal().trim();
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (BASE64.test(encoded) && key.length >= MIN_BYTES && key.length <= MAX_BYTES) return ok(key);
  return fail(
    `must be ${PREFIX} followed by ${MIN_BYTES} to ${MAX_BYTES} bytes in base64; generate one with: echo "${PREFIX}$(openssl rand -base64 32)"`,
  );
};

export type WebhookMessage = {
  /** The same for every attempt, so that a receiver can recognize repeats. */
  readonly id: string;
  /** When this attempt is sent, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly body: string;
};

/** The headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` of a message. */
export const signWebhook = ({ id, sentAt, body }: WebhookMessage, key: Buffer): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
