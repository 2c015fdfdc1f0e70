import type { UnrecognizedEvent } from '../core/event.ts';
import { unrecognizedId } from '../core/event-id.ts';
import { sourceOf } from '../products/event.ts';
import type { Verified } from '../verify/verify.ts';
import type { SpooledCallback } from './ports.ts';

/** Queue of what is genuine but not understood. */
export const UNRECOGNIZED_QUEUE = 'unrecognized';

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

type NotUnderstood = { readonly proof: Verified; readonly reason: string };

/** Keeps a genuine body that was not understood, so that it can be put through the mapping again later. */
export const buildUnrecognized = (callback: SpooledCallback, { proof, reason }: NotUnderstood): UnrecognizedEvent => {
  const receivedat = new Date(callback.receivedAt).toISOString();
  const { raw } = proof;
  const id = unrecognizedId(callback.merchant, proof.signedText);
  return {
    specversion: '1.0',
    id,
    source: sourceOf(callback.merchant),
    type: 'com.paycools.unrecognized',
    subject: id,
    time: receivedat,
    datacontenttype: 'application/json',
    dataschema: 'urn:paycools-webhooks:unrecognized:1',
    origin: 'callback',
    receivedat,
    data: {
      product: callback.product,
      provider: {
        eventName: textOf(raw['eventName']),
        status: textOf(raw['transactionStatus'] ?? raw['refundStatus']),
      },
      reason,
      raw,
      body: new TextDecoder().decode(callback.body),
    },
  };
};
