import type { AnyEvent, FindingEvent, PaymentEvent, UnrecognizedEvent } from '../../src/core/event.ts';
import { payoutFields, post, sign } from '../support/callback.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The real service, with helpers for tests about the meaning of callbacks. */
export const startReceiver = async (options: Parameters<typeof startTestService>[0] = {}) => {
  const service = await startTestService(options);
  const { publicUrl, namespace } = service;
  const send = (product: string, fields: Fields) => post(`${publicUrl}/callbacks/${product}`, sign({ ...fields }));
  const events = async <Event extends AnyEvent = PaymentEvent>(queue: string) =>
    (await waitingEvents(namespace, queue)) as Event[];
  return {
    ...service,
    send,
    /** Sends a genuine payout callback with these changes. */
    payout: (change: Fields = {}) => send('payout', payoutFields(change)),
    /** Sends a body as it is, such as one that was signed for other members. */
    sendBody: (product: string, body: string) => post(`${publicUrl}/callbacks/${product}`, body),
    events,
    findings: () => events<FindingEvent>('findings'),
    unrecognized: () => events<UnrecognizedEvent>('unrecognized'),
  };
};
