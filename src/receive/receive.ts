import { interpret } from '../products/interpret.ts';
import { SIGN_FIELD } from '../verify/canonical.ts';
import { type Verified, verify } from '../verify/verify.ts';
import { decode } from '../wire/decode.ts';
import { toRecord } from '../wire/field.ts';
import type { Inbound } from '../wire/inbound.ts';
import { type DeliverPorts, deliver } from './deliver.ts';
import type { Outcome } from './outcome.ts';
import type { Deadline, Merchant, Merchants } from './ports.ts';
import { buildUnrecognized, UNRECOGNIZED_QUEUE } from './unrecognized.ts';

export type ReceivePorts = DeliverPorts & {
  readonly merchants: Merchants;
  readonly deadline: Deadline;
};

/** An unknown merchant has no keys, so the same work is done for it and nobody can tell it from a bad signature. */
const NOBODY: Merchant = { name: 'unknown', keys: { secrets: [] }, timeZone: 'UTC' };

/**
 * Takes one callback through the house: decode, verify, understand, store. Only an outcome that says `accepted`,
 * `duplicate`, `conflicting` or `unrecognized` may be acknowledged, because only then is it stored.
 */
export const receive = async (ports: ReceivePorts, inbound: Inbound): Promise<Outcome> => {
  const body = decode(inbound.body);
  if (!body.ok) return { kind: 'malformed', reason: body.error };
  const merchant = ports.merchants.find(inbound.merchant) ?? NOBODY;
  const proof = verify(body.value, merchant.keys);
  if (proof === null) return { kind: 'forged' };
  try {
    return await ports.deadline.within(store(ports, { inbound, merchant, proof }));
  } catch (cause) {
    return { kind: 'unavailable', cause };
  }
};

type Genuine = { readonly inbound: Inbound; readonly merchant: Merchant; readonly proof: Verified };

const store = async (ports: ReceivePorts, genuine: Genuine): Promise<Outcome> => {
  const { inbound, merchant, proof } = genuine;
  const raw = toRecord(proof.fields.filter(({ name }) => name !== SIGN_FIELD));
  const news = interpret(ports.registry, raw, merchant);
  if (!news.ok) return quarantine(ports, genuine, news.error);
  const isMisrouted = inbound.product !== null && inbound.product !== news.value.definition.product;
  const flags = isMisrouted ? (['misrouted'] as const) : [];
  const delivered = await deliver(ports, {
    merchant,
    news: news.value,
    origin: 'callback',
    receivedAt: inbound.receivedAt,
    flags,
  });
  if (delivered.kind === 'unreadable') return quarantine(ports, genuine, delivered.reason);
  return { ...delivered, proof };
};

const quarantine = async (ports: ReceivePorts, { inbound, proof }: Genuine, reason: string): Promise<Outcome> => {
  const raw = toRecord(proof.fields.filter(({ name }) => name !== SIGN_FIELD));
  const event = buildUnrecognized(inbound, { proof, raw, reason });
  const stored = await ports.queue.enqueue(UNRECOGNIZED_QUEUE, event);
  if (stored === 'duplicate') return { kind: 'duplicate', event, proof };
  return { kind: 'unrecognized', reason, event, proof };
};
