import { z } from 'zod';
import type { Status } from '../../core/event.ts';
import { opaqueId } from '../../core/event-id.ts';
import type { JsonRecord } from '../../core/json.ts';
import { ok } from '../../core/result.ts';
import { defineProduct, type Facts, type ReadContext } from '../definition.ts';
import { identifier } from '../fields.ts';
import { detailText, readTime, syntheticExample } from '../payment.ts';
import type { StatusRules } from '../statuses.ts';

/** Only words with an obvious meaning. Any other word becomes `updated`; the event keeps it as received. */
const statusRules: StatusRules = {
  statusByWord: new Map<string, Status>([
    ['APPROVED', 'approved'],
    ['APPROVE', 'approved'],
    ['REJECTED', 'rejected'],
    ['REJECT', 'rejected'],
    ['PENDING', 'pending'],
  ]),
  decidedBy: 'word',
  otherwise: 'updated',
};

const VERDICTS = ['kycStatus', 'status', 'result'];

/** The first of these members that has the form of an id or a word. No field is documented, so none is required. */
const firstOf = (fields: JsonRecord, names: readonly string[]): string | null => {
  for (const name of names) {
    const read = identifier.safeParse(fields[name]);
    if (read.success) return read.data;
  }
  return null;
};

/**
 * The verdict. If several members state one, they must agree, because PayCools does not document which of them counts,
 * and text inside a value can look like another member.
 */
const verdictOf = (fields: JsonRecord): string | null => {
  const words = VERDICTS.flatMap((name) => firstOf(fields, [name]) ?? []);
  return new Set(words.map((word) => word.toUpperCase())).size === 1 ? (words[0] ?? null) : null;
};

const firstTimeOf = (fields: JsonRecord, names: readonly string[], context: ReadContext): string | null => {
  const texts = names.map((name) => fields[name]).filter((value) => typeof value === 'string');
  return texts.map((text) => readTime(text, context)).find((time) => time !== null) ?? null;
};

const toFacts = (fields: JsonRecord, context: ReadContext): Facts => ({
  subject: { kind: 'identity-check', id: opaqueId(context.signedText) },
  subjectText: firstOf(fields, ['transactionId', 'requestId', 'mchOrderId', 'userId']) ?? opaqueId(context.signedText),
  rawStatus: verdictOf(fields),
  merchantOrderId: firstOf(fields, ['mchOrderId']),
  transactionId: firstOf(fields, ['transactionId']),
  amount: null,
  channelCode: firstOf(fields, ['channelCode']),
  createdAt: firstTimeOf(fields, ['createTime'], context),
  completedAt: firstTimeOf(fields, ['returnTime', 'completeTime', 'updateTime'], context),
  failure: null,
  remark: null,
  details: { userId: firstOf(fields, ['userId']), requestId: firstOf(fields, ['requestId']) },
});

const checked = { userId: 'u00012', requestId: 'KYC20240101120000', updateTime: '2024-01-01 12:00:00' };

/** What only identity checks have. */
export const ekycDetails = z.object({
  userId: detailText('userId, if there is one.'),
  requestId: detailText('requestId, if there is one.'),
});

/**
 * An identity check. PayCools documents only its title, so any genuine body on its address is one, unless its event
 * name belongs to another family. It is identified by its whole signed text.
 *
 * @see docs/paycools.md 4.11
 */
export const ekyc = defineProduct({
  product: 'ekyc',
  title: 'eKYC',
  menu: '11.3',
  notifications: [
    {
      name: null,
      events: {},
      takesOtherEvents: true,
      statusRules,
      statuses: ['updated', 'approved', 'rejected', 'pending'] satisfies readonly Status[],
      read: (fields, context) => ok(toFacts(fields, context)),
      details: ekycDetails,
      examples: [
        syntheticExample(checked),
        ...['Approved', 'Rejected', 'Pending'].map((kycStatus) => syntheticExample({ ...checked, kycStatus })),
      ],
    },
  ],
});
