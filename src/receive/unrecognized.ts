import { cloudEvent, dataSchemaOf, eventTypeOf, merchantOf, sourceOf } from '../core/cloud-event.ts';
import type { UnrecognizedEvent } from '../core/event.ts';
import { unrecognizedId } from '../core/event-id.ts';
import { textOrNull } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Verified } from '../verify/verify.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Merchant, SpooledCallback } from './ports.ts';
import { type Submitted, submit } from './submit.ts';
import { type AwaitingEvent, isUnrecognized, understandAwaiting } from './understand.ts';

export const UNRECOGNIZED_TYPE = eventTypeOf('unrecognized');

type NotUnderstood = Pick<Verified, 'raw' | 'signedText'> & { readonly reason: string };

/** Builds the event of a genuine callback that was not understood. It holds the body, to be interpreted again later. */
export const buildUnrecognized = (
  callback: SpooledCallback,
  { raw, signedText, reason }: NotUnderstood,
): UnrecognizedEvent => {
  const receivedat = new Date(callback.receivedAt).toISOString();
  const id = unrecognizedId(callback.merchant, signedText);
  return cloudEvent({
    id,
    source: sourceOf(callback.merchant),
    type: UNRECOGNIZED_TYPE,
    subject: id,
    time: receivedat,
    dataschema: dataSchemaOf('unrecognized'),
    origin: 'callback',
    receivedat,
    data: {
      product: callback.product,
      provider: {
        eventName: textOrNull(raw['eventName']),
        status: textOrNull(raw['transactionStatus'] ?? raw['refundStatus']),
      },
      reason,
      raw,
      body: new TextDecoder().decode(callback.body),
    },
  });
};

/** Turns a callback that awaited confirmation into an unrecognized event. */
export const asUnrecognized = (event: AwaitingEvent, reason: string): UnrecognizedEvent => {
  if (isUnrecognized(event)) return { ...event, data: { ...event.data, reason } };
  const { raw, product } = event.data;
  const text = JSON.stringify(raw);
  const callback = {
    merchant: merchantOf(event),
    product,
    receivedAt: Date.parse(event.receivedat),
    body: new TextEncoder().encode(text),
  };
  return buildUnrecognized(callback, { raw, signedText: text, reason });
};

/** What became of a redriven callback. */
export type Redriven = Exclude<Submitted, { readonly kind: 'unrecognized' }>;

/**
 * Interprets an unrecognized callback again, for instance after an upgrade that understands it. Its event has the id
 * that it would have had before, so redriving twice delivers it once. If PayCools must be asked first, the callback
 * awaits confirmation as unrecognized, so that the verdict can remove it from the unrecognized queue.
 *
 * @returns what became of it, or why it is still not understood, as a sentence for an operator
 * @throws whatever the ports throw; the callback then remains on its queue
 */
export const redrive = async (
  ports: DeliverPorts,
  merchant: Merchant,
  event: UnrecognizedEvent,
): Promise<Result<Redriven, string>> => {
  const delivery = understandAwaiting(ports.registry, merchant, event);
  if (!delivery.ok) return delivery;
  const submitted = await submit(ports, delivery.value, () => event);
  return submitted.kind === 'unrecognized' ? fail(submitted.reason) : ok(submitted);
};
