import type { UnrecognizedEvent } from '../core/event.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { interpret } from '../products/interpret.ts';
import { recallProof } from '../verify/verify.ts';
import { addressFlags, type Delivered, type DeliverPorts, deliver } from './deliver.ts';
import type { Merchant } from './ports.ts';

/**
 * Puts a callback of the queue `{unrecognized}` through the mapping again, for instance after an upgrade that
 * understands it. The event gets the id that it would have had, so doing this twice does no harm.
 *
 * @returns what became of it, or why it is still not understood, as a sentence for an operator
 * @throws whatever the ports throw; the callback then stays where it is
 */
export const redrive = async (
  ports: DeliverPorts,
  merchant: Merchant,
  { data, receivedat }: UnrecognizedEvent,
): Promise<Result<Delivered, string>> => {
  const proof = recallProof(new TextEncoder().encode(data.body));
  if (!proof.ok) return fail('the kept body cannot be read');
  const news = interpret(ports.registry, proof.value, { product: data.product, timeZone: merchant.timeZone });
  if (!news.ok) return news;
  const receivedAt = Date.parse(receivedat);
  const flags = addressFlags(data.product, news.value);
  const delivered = await deliver(ports, { merchant, news: news.value, origin: 'callback', receivedAt, flags });
  return delivered.kind === 'unreadable' ? fail(delivered.reason) : ok(delivered);
};
