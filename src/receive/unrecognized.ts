import { cloudEvent, dataSchemaOf, eventTypeOf, sourceOf } from '../core/cloud-event.ts';
import type { UnrecognizedEvent } from '../core/event.ts';
import { unrecognizedId } from '../core/event-id.ts';
import { textOrNull } from '../core/json.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { trustStoredBody, type Verified } from '../verify/verify.ts';
import { type Delivered, type DeliverPorts, deliver } from './deliver.ts';
import type { Merchant, SpooledCallback } from './ports.ts';
import { understand } from './understand.ts';

export const UNRECOGNIZED_TYPE = eventTypeOf('unrecognized');

type NotUnderstood = { readonly proof: Verified; readonly reason: string };

/** Builds the event that keeps a genuine body that was not understood, so that it can be interpreted again later. */
export const buildUnrecognized = (callback: SpooledCallback, { proof, reason }: NotUnderstood): UnrecognizedEvent => {
  const receivedat = new Date(callback.receivedAt).toISOString();
  const { raw } = proof;
  const id = unrecognizedId(callback.merchant, proof.signedText);
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

/**
 * Interprets an unrecognized callback again, for instance after an upgrade that understands it. The event gets the id
 * that it would have had, so doing this twice does no harm.
 *
 * @returns what became of it, or why it is still not understood, as a sentence for an operator
 * @throws whatever the ports throw; the callback then stays where it is
 */
export const redrive = async (
  ports: DeliverPorts,
  merchant: Merchant,
  { data, receivedat }: UnrecognizedEvent,
): Promise<Result<Delivered, string>> => {
  const body = new TextEncoder().encode(data.body);
  const proof = trustStoredBody(body);
  if (!proof.ok) return fail('the stored body cannot be read');
  const callback = { merchant: merchant.name, product: data.product, receivedAt: Date.parse(receivedat), body };
  const delivery = understand(ports.registry, { callback, merchant, proof: proof.value });
  if (!delivery.ok) return delivery;
  const delivered = await deliver(ports, delivery.value);
  return delivered.kind === 'unreadable' ? fail(delivered.reason) : ok(delivered);
};
