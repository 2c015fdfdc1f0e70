import { describe, expect, it } from 'vitest';
import type { UnrecognizedEvent } from '../../src/core/event.ts';
import { createRegistry, products } from '../../src/products/registry.ts';
import { redrive } from '../../src/receive/unrecognized.ts';
import { openEventStore } from '../../src/redis/open-event-store.ts';
import { post, sign } from '../support/callback.ts';
import { provedMerchant } from '../support/merchant.ts';
import { waitingEvents } from '../support/queues.ts';
import { startTestService } from '../support/service.ts';
import { makeTenth } from '../support/tenth.ts';

describe('an unrecognized callback', () => {
  it('can be interpreted again any number of times', async () => {
    const { publicUrl, namespace } = await startTestService();
    const fields = { eventName: 'tenth.payment.success', mchOrderId: 'M', transactionId: 'T', amount: 1 };
    await post(`${publicUrl}/callbacks/payout`, sign(fields));
    const [kept] = (await waitingEvents(namespace, 'unrecognized')) as UnrecognizedEvent[];
    const { redis, prefix } = namespace;
    const ports = {
      registry: createRegistry(makeTenth()),
      ...openEventStore({ redis, prefix, deduplicationMs: 60_000, families: [] }),
    };
    expect(await redrive(ports, provedMerchant, kept as UnrecognizedEvent)).toMatchObject({
      ok: true,
      value: { kind: 'accepted' },
    });
    expect(await redrive(ports, provedMerchant, kept as UnrecognizedEvent)).toMatchObject({
      ok: true,
      value: { kind: 'duplicate' },
    });
    expect(await waitingEvents(namespace, 'tenth')).toMatchObject([
      { type: 'com.paycools.tenth.succeeded', data: { flags: ['misrouted'] } },
    ]);
    expect(
      await redrive({ ...ports, registry: createRegistry(products) }, provedMerchant, kept as UnrecognizedEvent),
    ).toEqual({ ok: false, error: 'eventName: is not one that PayCools documents' });
  });
});
