import { findingKinds } from '../../src/core/event.ts';
import { code, table } from './markdown.ts';

/** The rules about identity and history, as docs/events.md has them. `test/receive/model.test.ts` holds the code to them. */
export const eventRules = (): string => `## Identity and history

An event says that a subject (a transaction, a refund, an authorization) has reached a status. PayCools sends callbacks at
least once and in any order, so these rules make the end the same for every order of arrival:

${table(
  ['what arrives', 'becomes', 'id'],
  [
    ['a status that the subject has not reached before', 'an event', 'from merchant, subject and status'],
    [
      'the same status again, with no other final status in between',
      'a duplicate, acknowledged and not delivered',
      'the same',
    ],
    [
      'the same, with another amount, currency, order or channel',
      'not delivered; the finding `conflict` with both contents',
      'the same',
    ],
    [
      'a final status that is later than another final one',
      'an event flagged `reversal`, and the finding `reversal`',
      'as above',
    ],
    [
      'a final status that was reached before, after another final one (failed, succeeded, failed again)',
      'an event flagged `reversal`, and the finding `reversal`',
      'also from the time at which it was reached',
    ],
    [
      'a final status that is earlier than another final one',
      'an event flagged `stale`, and the finding `reversal` in the true order',
      'as above',
    ],
    ['a pending state beside a final one, whatever its time', 'an event flagged `stale`', 'as above'],
    ['a content that PayCools contradicted', 'nothing but the finding `refuted`; it never enters the history', ''],
  ],
)}

- Earlier and later are judged by PayCools's own times: by \`completedAt\`, then by \`createdAt\`, and by \`receivedat\` only where
  those are missing or equal. The order in which Redis stored callbacks decides nothing.
- \`succeeded\`, \`failed\`, \`closed\` and \`cancelled\` are final. PayCools states this nowhere; it is our reading.
- A refund is one subject, whether a callback names \`refundTransactionId\`, \`mchRefundOrderId\` or both. Two callbacks that
  name one each, with nothing that connects them, are two subjects until a callback names both.
- An event is enqueued at most once within \`DEDUPLICATION_DAYS\`, and handed to workers at least once.

What identifies and values a payment decides whether it is understood: its ids, amount and status. Any other member that is
missing, or of an unexpected type or form, is null in the event and stays as received in \`raw\`. A status word that PayCools
does not document makes the callback unrecognized. So does a signed text that could be read with other members, unless PayCools
can be asked about it and confirms it ([security](security.md)). \`raw\` holds signed members only.

## Findings

${table(
  ['kind', 'meaning'],
  Object.entries(findingKinds).map(([kind, meaning]) => [code(kind), meaning]),
)}
`;
