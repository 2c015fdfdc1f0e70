import { shortType } from '../core/cloud-event.ts';
import { isGenuine, type JournalEntry } from '../receive/journal.ts';
import type { HistoryEvent, PaymentFacts } from './payment-facts.ts';
import type { AuditEntry, Milestone } from './ports.ts';
import { repeatsText } from './repeats.ts';

/** One entry of a payment's timeline. */
export type TimelineItem = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'callback' | 'reconciliation' | 'event' | 'attempt' | 'finding' | 'action';
  /** What happened, in a few words. */
  readonly title: string;
  readonly detail: string | null;
  /** False for callbacks that are not genuine: anyone may have sent them. */
  readonly isProven: boolean;
  /** Whether it needs attention. */
  readonly isBad: boolean;
  /** Id of its journal entry; null if there is none, or it has expired. */
  readonly entryId: string | null;
  readonly eventId: string | null;
};

/** `1 attempt`, `8 attempts`. */
export const attemptsText = (count: number): string => `${count} ${count === 1 ? 'attempt' : 'attempts'}`;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;

const item = (parts: Pick<TimelineItem, 'at' | 'kind' | 'title'> & Partial<TimelineItem>): TimelineItem => ({
  detail: null,
  isProven: true,
  isBad: false,
  entryId: null,
  eventId: null,
  ...parts,
});

const BAD: ReadonlySet<string> = new Set([
  'conflicting',
  'unrecognized',
  'unavailable',
  'forged',
  'refused',
  'malformed',
]);

const TITLES = {
  accepted: 'Callback received and stored',
  duplicate: 'Same callback received again',
  spooled: 'Callback received while Redis was unavailable; stored in the spool',
  conflicting: 'The same fact with other content; not delivered again',
  unrecognized: 'Callback received, genuine but not understood',
  unavailable: 'Callback received but not stored; PayCools was answered 503',
  malformed: 'Body that is not valid JSON',
  forged: 'Callback whose signature does not match',
  refused: 'Callback from an address that is not allowed',
} as const;

const replyText = ({ status, source }: JournalEntry): string =>
  status === null ? '' : `answered ${status}, from ${source ?? 'an unknown address'}`;

const utcSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const entryItem = (entry: JournalEntry): TimelineItem => {
  const { id: entryId, receivedAt: at, outcome, event, reason, origin } = entry;
  const isProven = isGenuine(entry);
  const flags = event?.flags ?? [];
  const type = event && shortType(event.type);
  const repeats = repeatsText(entry, utcSecond);
  const detail = [type, reason, ...flags, replyText(entry), repeats].filter(Boolean).join(' · ');
  const title = origin === 'reconciliation' ? 'Found by a reconciliation and delivered' : TITLES[outcome];
  const kind = origin === 'reconciliation' ? 'reconciliation' : 'callback';
  return item({
    at,
    kind,
    title: isProven ? title : `${title} (unproven: it only claims this id)`,
    detail,
    isProven,
    isBad: BAD.has(outcome),
    entryId,
    eventId: event?.id ?? null,
  });
};

/** The item of an entry that the journal no longer has. */
const milestoneItem = ({ at, outcome, type, eventId }: Milestone): TimelineItem =>
  item({ at, kind: 'callback', title: TITLES[outcome], detail: type, isBad: BAD.has(outcome), eventId });

const eventItems = ({ id: eventId, job, attempts }: HistoryEvent): TimelineItem[] => {
  const attempt = (parts: Pick<TimelineItem, 'at' | 'title'> & Partial<TimelineItem>): TimelineItem =>
    item({ kind: 'attempt', eventId, ...parts });
  const reportedAttempts = attempts.map(({ attempt: number, at, durationMs, error }) =>
    attempt({
      at: at + durationMs,
      title: error === null ? `Handled by a worker on attempt ${number}` : `Attempt ${number} failed`,
      detail: error ?? `took ${seconds(durationMs)}`,
      isBad: error !== null,
    }),
  );
  if (job === null) return reportedAttempts;
  const title = `Event put on the queue {${job.queue}}`;
  const added = item({ at: job.addedAt, kind: 'event', title, detail: eventId, eventId });
  if (job.endedAt === null || reportedAttempts.length > 0) return [added, ...reportedAttempts];
  const gaveUp = { title: `The workers gave up after ${attemptsText(job.attempts)}`, isBad: true };
  const ended = job.state === 'failed' ? { ...gaveUp, detail: job.failedReason } : { title: 'Handled by a worker' };
  return [added, attempt({ at: job.endedAt, ...ended })];
};

const actionItem = ({ at, actor, action, isDone, message, note, id }: AuditEntry): TimelineItem =>
  item({
    at,
    kind: 'action',
    title: `${actor}: ${action}${isDone ? '' : ' (failed)'}`,
    detail: [message, note === undefined ? null : `“${note}”`, id].filter(Boolean).join(' · '),
    isBad: !isDone,
  });

/** What happened to a payment, oldest first. */
export const timelineOf = (facts: PaymentFacts): readonly TimelineItem[] => {
  const { entries, milestones, events, findings, actions } = facts;
  const known = new Set(entries.map(({ id }) => id));
  return [
    ...entries.map(entryItem),
    ...milestones.filter(({ entryId }) => !known.has(entryId)).map(milestoneItem),
    ...events.flatMap(eventItems),
    ...findings.map(({ at, kind, summary, eventId }) =>
      item({ at, kind: 'finding', title: `Finding ${kind}`, detail: summary, isBad: true, eventId }),
    ),
    ...actions.map(actionItem),
  ].toSorted((a, b) => a.at - b.at);
};
