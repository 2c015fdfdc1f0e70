import { isFinal } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import type { ComparedSubject, KnownSubject } from './compare.ts';
import { reportFinding } from './finding.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { splitOddRows } from './odd-row.ts';
import type { SubjectQuery } from './ports.ts';
import { ask } from './query-subject.ts';
import { reconcileList, reconcileRows } from './reconcile-rows.ts';
import type { Row } from './row.ts';
import { findKnown, loadSeen, type RunContext, type Tally, tallyEach } from './run-context.ts';

const firstStatement = ({ entry }: KnownSubject) => entry.sightings[0]?.statement;

const queryForKnown = (known: KnownSubject, day: string | null): SubjectQuery => ({
  subject: known.subject,
  merchantOrderId: firstStatement(known)?.merchantOrderId ?? null,
  day,
});

/** Those of the subjects that are in the ledger and that PayCools has a query for. */
export const findAskable = async (
  context: RunContext,
  subjects: readonly Subject[],
): Promise<readonly KnownSubject[]> =>
  (await findKnown(context, subjects)).filter(({ subject, entry }) => context.provider.canAsk(entry.product, subject));

type PaymentList = { readonly product: string; readonly merchantOrderId: string; readonly key: string };

/** The distinct codes and accounts of these subjects. */
const paymentListsOf = (
  { provider }: RunContext,
  known: readonly KnownSubject[],
  day: string,
): readonly PaymentList[] => {
  const lists = new Map<string, PaymentList>();
  for (const subject of known) {
    const { product } = subject.entry;
    const merchantOrderId = firstStatement(subject)?.merchantOrderId ?? null;
    if (merchantOrderId === null || !provider.lists.includes(product)) continue;
    const key = `order:${product}:${day}:${merchantOrderId}`;
    lists.set(key, { product, merchantOrderId, key });
  }
  return [...lists.values()];
};

/** Asks for the payments into each code and account on the day, once per run. */
const reconcileLists = async (
  context: RunContext,
  tally: Tally,
  { known, day }: { readonly known: readonly KnownSubject[]; readonly day: string },
): Promise<void> => {
  const lists = paymentListsOf(context, known, day);
  const seen = await loadSeen(
    context,
    tally,
    lists.map(({ key }) => key),
  );
  const fresh = lists.filter(({ key }) => !seen.has(key));
  const replies = await mapConcurrently(fresh, context.concurrency, ({ product, merchantOrderId }) =>
    context.provider.payments(product, { merchantOrderId, day }),
  );
  for (const [index, read] of replies.entries()) {
    const { key, product, merchantOrderId } = fresh[index] as PaymentList;
    tally.seen.set(key, 'asked');
    await reconcileList(context, tally, { what: `${product} payments of ${merchantOrderId} on ${day}`, read });
  }
};

/**
 * Reports a subject that PayCools does not know. Shortly after its creation this may be a race, so it is reported only
 * if PayCools has not known it for `absentAfterMs`.
 *
 * @see docs/paycools.md 10, 7
 */
const reportIfAbsent = async (context: RunContext, { subject, entry }: KnownSubject, tally: Tally): Promise<void> => {
  const { ports, merchant, absentAfterMs } = context;
  const now = ports.now();
  const since = await ports.store.recordAbsent(merchant.name, subject, now);
  if (now - since < absentAfterMs) return;
  const compared: ComparedSubject = { comparison: 'unknown-to-paycools', subject, row: null, entry };
  await reportFinding(context, tally, { compared });
};

const queryUnseen = async (
  context: RunContext,
  known: KnownSubject,
  day: string | null,
  tally: Tally,
): Promise<Row[]> => {
  const answer = await ask(context, tally, known.entry.product, queryForKnown(known, day));
  if (answer.kind === 'found') {
    await context.ports.store.forgetAbsent(context.merchant.name, known.subject);
    return [answer.row];
  }
  if (answer.kind === 'absent') await reportIfAbsent(context, known, tally);
  return [];
};

const reconcileUnseen = async (
  context: RunContext,
  tally: Tally,
  { known, day }: { readonly known: readonly KnownSubject[]; readonly day: string | null },
): Promise<void> => {
  const byKey = new Map(known.map((each) => [subjectKey(each.subject), each]));
  const seen = await loadSeen(context, tally, [...byKey.keys()]);
  const unseen = [...byKey].filter(([key]) => !seen.has(key)).map(([, each]) => each);
  const rows = await tallyEach(context, tally, unseen, (each, part) => queryUnseen(context, each, day, part));
  await reconcileRows(context, splitOddRows(rows.flat()), tally);
};

/** Asks PayCools about subjects that are in the ledger but in none of the statements of this run. */
export const reconcileDay = async (
  context: RunContext,
  tally: Tally,
  { subjects, day }: { readonly subjects: readonly Subject[]; readonly day: string },
): Promise<void> => {
  const known = await findAskable(context, subjects);
  if (context.depth === 'full') await reconcileLists(context, tally, { known, day });
  await reconcileUnseen(context, tally, { known, day });
};

const isOpen = ({ entry }: KnownSubject): boolean =>
  !entry.sightings.some(({ statement }) => isFinal(statement.status));

/** Asks PayCools about pending subjects of any day, and removes the final ones from the index of open subjects. */
export const reconcileOpen = async (context: RunContext, tally: Tally, subjects: readonly Subject[]): Promise<void> => {
  const { ports, merchant } = context;
  const findOpen = async () => (await findAskable(context, subjects)).filter(isOpen);
  await reconcileUnseen(context, tally, { known: await findOpen(), day: null });
  const open = new Set((await findOpen()).map(({ subject }) => subjectKey(subject)));
  await ports.reader.close(
    merchant.name,
    subjects.filter((subject) => !open.has(subjectKey(subject))),
  );
};
