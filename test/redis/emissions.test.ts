import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PaymentEvent } from '../../src/core/event.ts';
import { emissionEntry, emittedEvent } from '../../src/receive/journal.ts';
import { entryFor, openWriter } from '../support/journal.ts';
import { openNamespace } from '../support/namespace.ts';

const event: PaymentEvent = {
  ...JSON.parse(readFileSync('test/fixtures/events/payout.disbursement.failed.json', 'utf8')),
  origin: 'reconciliation',
};

it('the journal records events that a reconciliation emitted, and finds them by each of their ids', async () => {
  const { writer, reader } = await openWriter(openNamespace());
  writer.record(entryFor());
  writer.record(emissionEntry(event, 'run_1'));
  await writer.flush();
  for (const id of [event.id, event.data.transactionId, event.data.merchantOrderId, 'run_1']) {
    expect(await reader.find(id ?? '')).toMatchObject({
      origin: 'reconciliation',
      source: null,
      status: null,
      outcome: 'accepted',
      event: { id: event.id, type: event.type },
    });
  }
  const { entries } = await reader.list({ limit: 10 });
  expect(entries.map(emittedEvent)).toEqual([event, null]);
});
