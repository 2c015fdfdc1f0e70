import { isFinal } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import type { Compared, Known } from './compare.ts';
import { reportFinding } from './finding.ts';
import { mapInFlight } from './in-flight.ts';
import { splitRows } from './odd-row.ts';
import type { SubjectQuery } from './ports.ts';
import { ask } from './query-subject.ts';
import { reconcileList, reconcileRows } from './reconcile-rows.ts';
import type { Row } from './row.ts';
import { notesOf, type RunContext, type Tally, tallyEach } from './run-context.ts';

const firstStatement = ({ entry }: Known) => entry.sightings[0]?.statement;

const queryOfKnown = (known: Known, day: string | null): SubjectQuery => ({
  subject: known.subject,
  merchantOrderId: firstStatement(known)?.merchantOrderId ?? null,
  day,
});

/** Subjects of the ledger that PayCools can be asked about. */
export const askable = async (
  { ports, provider, merchant }: RunContext,
  subjects: readonly Subject[],
): Promise<Known[]> => {
  const entries = await ports.reader.find(merchant.name, subjects);
  return subjects.flatMap((subject, index): Known[] => {
    const entry = entries[index] ?? null;
    return entry !== null && provider.canAsk(entry.product, subject) ? [{ subject, entry }] : [];
  });
};

type Listed = { readonly product: string; readonly merchantOrderId: string; readonly key: string };

/** The codes and accounts of these subjects, each once. */
const listsOf = ({ provider }: RunContext, known: readonly Known[], day: string): readonly Listed[] => {
  const lists = new Map<string, Listed>();
  for (const one of known) {
    const { product } = one.entry;
    const merchantOrderId = firstStatement(one)?.merchantOrderId ?? null;
    if (merchantOrderId === null || !provider.lists.includes(product)) continue;
    const key = `order:${product}:${day}:${merchantOrderId}`;
    lists.set(key, { product, merchantOrderId, key });
  }
  return [...lists.values()];
};

/** Asks once for each code and account what was paid into it on the day. */
const reconcileLists = async (
  context: RunContext,
  tally: Tally,
  { known, day }: { readonly known: readonly Known[]; readonly day: string },
): Promise<void> => {
  const lists = listsOf(context, known, day);
  const notes = await notesOf(
    context,
    tally,
    lists.map(({ key }) => key),
  );
  const fresh = lists.filter((_, index) => notes[index] === null);
  const replies = await mapInFlight(fresh, context.inFlight, ({ product, merchantOrderId }) =>
    context.provider.payments(product, { merchantOrderId, day }),
  );
  for (const [index, read] of replies.entries()) {
    const { key, product, merchantOrderId } = fresh[index] as Listed;
    tally.seen.set(key, 'asked');
    await reconcileList(context, tally, { what: `${product} payments of ${merchantOrderId} on ${day}`, read });
  }
};

/**
 * PayCools does not know it. Just after its creation that may be a race, so it counts only when it repeats over a while.
 *
 * @see PAYCOOLS.md 10, 7
 */
const noteAbsent = async (context: RunContext, { subject, entry }: Known, tally: Tally): Promise<void> => {
  const { ports, merchant, absentAfterMs } = context;
  const now = ports.now();
  const since = await ports.store.noteAbsent(merchant.name, subject, now);
  if (now - since < absentAfterMs) return;
  const compared: Compared = { comparison: 'unknown-to-paycools', subject, row: null, entry };
  await reportFinding(context, tally, { compared });
};

const queryUnseen = async (context: RunContext, known: Known, day: string | null, tally: Tally): Promise<Row[]> => {
  const answer = await ask(context, tally, known.entry.product, queryOfKnown(known, day));
  if (answer.kind === 'found') {
    await context.ports.store.forgetAbsent(context.merchant.name, known.subject);
    return [answer.row];
  }
  if (answer.kind === 'absent') await noteAbsent(context, known, tally);
  return [];
};

const reconcileUnseen = async (
  context: RunContext,
  tally: Tally,
  { known, day }: { readonly known: readonly Known[]; readonly day: string | null },
): Promise<void> => {
  const keys = known.map(({ subject }) => subjectKey(subject));
  const notes = await notesOf(context, tally, keys);
  const unseen = new Map(known.filter((_, index) => notes[index] === null).map((it) => [subjectKey(it.subject), it]));
  const rows = await tallyEach(context, tally, [...unseen.values()], (one, part) =>
    queryUnseen(context, one, day, part),
  );
  await reconcileRows(context, splitRows(rows.flat()), tally);
};

/** Asks PayCools about subjects of the ledger that no statement of this run has listed. */
export const reconcileDay = async (
  context: RunContext,
  tally: Tally,
  { subjects, day }: { readonly subjects: readonly Subject[]; readonly day: string },
): Promise<void> => {
  const known = await askable(context, subjects);
  if (context.depth === 'full') await reconcileLists(context, tally, { known, day });
  await reconcileUnseen(context, tally, { known, day });
};

const isOpen = ({ entry }: Known): boolean => !entry.sightings.some(({ statement }) => isFinal(statement.status));

/** Asks PayCools about what is pending, of whatever day, and closes what has ended. */
export const reconcileOpen = async (context: RunContext, tally: Tally, subjects: readonly Subject[]): Promise<void> => {
  const { ports, merchant } = context;
  const open = (await askable(context, subjects)).filter(isOpen);
  await reconcileUnseen(context, tally, { known: open, day: null });
  const still = new Set((await askable(context, subjects)).filter(isOpen).map(({ subject }) => subjectKey(subject)));
  await ports.reader.close(
    merchant.name,
    subjects.filter((subject) => !still.has(subjectKey(subject))),
  );
};
