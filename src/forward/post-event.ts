import type { AnyHandledEvent } from '../consumer/handlers.ts';
import { errorCodeOf } from '../core/error-code.ts';
import { signWebhook } from './sign-webhook.ts';

/** The endpoint did not accept an event. The message contains nothing of the event or of the reply's body. */
export class ForwardError extends Error {
  override readonly name = 'ForwardError';
}

export type Target = {
  readonly url: string;
  readonly key: Buffer;
  /** How long the endpoint may take to reply, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

const reasonOf = (error: unknown): string => {
  const name = error instanceof Error ? error.name : 'unknown';
  return name === 'TimeoutError' ? 'no reply in time' : (errorCodeOf(error) ?? name);
};

/**
 * Posts an event as one CloudEvents message in structured mode, signed as Standard Webhooks describes.
 *
 * @returns the HTTP status, 200 to 299
 * @throws ForwardError for any other status, or if there is no reply
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode
 */
export const postEvent = async (event: AnyHandledEvent, { url, key, timeoutMs, now }: Target): Promise<number> => {
  const body = JSON.stringify(event);
  const { host } = new URL(url);
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    ...signWebhook({ id: event.id, sentAt: now(), body }, key),
  };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    await response.body?.cancel();
  } catch (cause) {
    throw new ForwardError(`${host} cannot be reached (${reasonOf(cause)})`);
  }
  if (!response.ok) throw new ForwardError(`${host} replied ${response.status}`);
  return response.status;
};
