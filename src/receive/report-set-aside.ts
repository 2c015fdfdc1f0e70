import { type FindingEvent, findingKinds } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { trustStoredBody } from '../verify/verify.ts';
import { buildFinding, type FindingSubject, findingSubjectOf, statementOf } from './findings.ts';
import type { SetAsideCallback, SpooledCallback } from './ports.ts';
import { merchantFor, type RestorePorts } from './restore.ts';
import { eventOf, understand } from './understand.ts';
import { buildUnrecognized } from './unrecognized.ts';

const SUMMARY = findingKinds['set-aside'];

/** What a callback that is not understood is about, as far as that is known. */
const aboutUnrecognized = (callback: SpooledCallback, signedText: string): FindingSubject => {
  const event = buildUnrecognized(callback, { raw: {}, signedText, reason: SUMMARY });
  const product = callback.product ?? 'unrecognized';
  return { ...event, product, merchantOrderId: null, transactionId: null, eventId: event.id };
};

type Placed = SpooledCallback & Pick<SetAsideCallback, 'seq'>;

/** The finding that reports a callback that was set aside. */
export const setAsideFinding = (
  { registry, merchants }: Pick<RestorePorts, 'registry' | 'merchants'>,
  callback: Placed,
): FindingEvent => {
  const proof = trustStoredBody(callback.body);
  const disagreement = { kind: 'set-aside', summary: SUMMARY, recorded: null } as const;
  if (!proof.ok) {
    return buildFinding(aboutUnrecognized(callback, `entry ${callback.seq}`), { ...disagreement, received: null });
  }
  const merchant = merchantFor(merchants, callback.merchant);
  const delivery = understand(registry, { callback, merchant, proof: proof.value });
  if (!delivery.ok) {
    return buildFinding(aboutUnrecognized(callback, proof.value.signedText), { ...disagreement, received: null });
  }
  const event = eventOf(delivery.value);
  return buildFinding(findingSubjectOf(event), { ...disagreement, received: statementOf(event) });
};

/** Reports a callback that was set aside in the spool as a finding. The same one again is the same finding. */
export const reportSetAside = async (ports: RestorePorts, callback: SetAsideCallback): Promise<void> => {
  await ports.deadline.within(ports.queue.enqueue(queues.findings, setAsideFinding(ports, callback)));
};
