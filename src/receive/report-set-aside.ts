import { type FindingEvent, findingKinds } from '../core/event.ts';
import { queues } from '../core/queues.ts';
import { trustStoredBody } from '../verify/verify.ts';
import { buildFinding, type FindingSubject, findingSubjectOf, statementOf } from './findings.ts';
import type { SetAsideCallback, SpooledCallback } from './ports.ts';
import { merchantFor, type RestorePorts } from './restore.ts';
import { eventOf, understand } from './understand.ts';
import { buildUnrecognized } from './unrecognized.ts';

const SUMMARY = findingKinds['set-aside'];

/** The subject of a finding about a callback that is not understood. */
const unrecognizedSubject = (callback: SpooledCallback, signedText: string): FindingSubject => {
  const event = buildUnrecognized(callback, { raw: {}, signedText, reason: SUMMARY });
  const product = callback.product ?? 'unrecognized';
  return { ...event, product, merchantOrderId: null, transactionId: null, eventId: event.id };
};

/** The finding that reports a callback as set aside. */
export const setAsideFinding = (
  { registry, merchants }: Pick<RestorePorts, 'registry' | 'merchants'>,
  callback: SpooledCallback & Pick<SetAsideCallback, 'seq'>,
): FindingEvent => {
  const disagreement = { kind: 'set-aside', summary: SUMMARY, recorded: null } as const;
  const proof = trustStoredBody(callback.body);
  const merchant = merchantFor(merchants, callback.merchant);
  const delivery = proof.ok ? understand(registry, { callback, merchant, proof: proof.value }) : proof;
  if (!delivery.ok) {
    const signedText = proof.ok ? proof.value.signedText : `entry ${callback.seq}`;
    return buildFinding(unrecognizedSubject(callback, signedText), { ...disagreement, received: null });
  }
  const event = eventOf(delivery.value);
  return buildFinding(findingSubjectOf(event), { ...disagreement, received: statementOf(event) });
};

/** Reports a callback that was set aside in the spool as a finding; repeated reports are the same finding. */
export const reportSetAside = async (ports: RestorePorts, callback: SetAsideCallback): Promise<void> => {
  await ports.deadline.within(ports.queue.enqueue(queues.findings, setAsideFinding(ports, callback)));
};
