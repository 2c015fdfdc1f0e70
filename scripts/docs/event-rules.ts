import { findingKinds } from '../../src/core/event.ts';
import { code, table } from './markdown.ts';

/** The rules for identity and history in docs/events.md. `test/receive/model.test.ts` checks the code against them. */
export const eventRules = (): string => `## Identity and history

An event reports that a subject (a transaction, a refund, an authorization) has reached a status. PayCools sends callbacks
at least once and in any order. These rules lead to the same result for every order of arrival:

${table(
  ['callback', 'result', 'event id'],
  [
    ['a status that the subject has not reached before', 'an event', 'from merchant, subject and status'],
    [
      'the same status again, with no other final status in between',
      'a duplicate: acknowledged, but not delivered',
      'the same',
    ],
    [
      'the same status with a different amount, currency, order or channel',
      'the finding `conflict` with both contents; no event',
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
    ['a status that is not final when a final one is known, whatever its time', 'an event flagged `stale`', 'as above'],
    ['content that PayCools contradicted', 'only the finding `refuted`; it never enters the history', ''],
  ],
)}

- Earlier and later are judged by PayCools's own times: by \`completedAt\`, then by \`createdAt\`, and by \`receivedat\` only if
  those are missing or equal. The order in which Redis stored the callbacks does not matter.
- \`succeeded\`, \`failed\`, \`closed\` and \`cancelled\` are final. PayCools does not document this; it is our interpretation.
- A refund is one subject, whether a callback names \`refundTransactionId\`, \`mchRefundOrderId\` or both. If two callbacks
  name one each and nothing connects them, they are two subjects until a callback names both.
- An event is enqueued at most once within \`DEDUPLICATION_DAYS\`, and delivered to workers at least once.

Only a payment's ids, amount and status decide whether it is understood. Any other member that is missing or malformed is
null in the event and remains as received in \`raw\`. A status word that PayCools does not document makes the callback
unrecognized. So does a signed text that could be read with other members, unless PayCools can be asked about it and
confirms it ([security](security.md)). \`raw\` contains only signed members.

## Findings

${table(
  ['kind', 'meaning'],
  Object.entries(findingKinds).map(([kind, meaning]) => [code(kind), meaning]),
)}
`;
