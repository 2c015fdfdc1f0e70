import { dayOf } from '../core/day.ts';
import { subjectKey } from '../core/event-id.ts';
import { interpretReply } from '../products/interpret.ts';
import { deliver } from '../receive/deliver.ts';
import { type KnownHistory, sightingOf } from '../receive/history.ts';
import { type Compared, compare, type Known } from './compare.ts';
import { familyOf } from './family.ts';
import { reportFinding } from './finding.ts';
import type { QueryResult, SubjectQuery } from './ports.ts';
import type { Row } from './row.ts';
import { notesOf, type RunContext, type Tally } from './run-context.ts';

const queryOfRow = ({ merchant }: RunContext, { subject, merchantOrderId, createdAt }: Row): SubjectQuery => ({
  subject,
  merchantOrderId,
  day: createdAt === null ? null : dayOf(Date.parse(createdAt), merchant.timeZone),
});

/** Compares these rows with what the ledger has of them now. */
const compareNow = async (context: RunContext, rows: readonly Row[]): Promise<readonly Compared[]> => {
  const { ports, merchant, stuckAfterMs } = context;
  const subjects = rows.map(({ subject }) => subject);
  const entries = await ports.reader.find(merchant.name, subjects);
  const known = subjects.flatMap((subject, index): Known[] => {
    const entry = entries[index] ?? null;
    return entry === null ? [] : [{ subject, entry }];
  });
  return compare({ registry: ports.registry, rows, known, now: ports.now(), stuckAfterMs });
};

/** Asks every family that it may be of; only one that alone knows it is its family. */
const askCandidates = async (context: RunContext, row: Row, candidates: readonly string[]): Promise<Row | null> => {
  const asked = candidates.length > 0 ? candidates : context.provider.collections;
  const found: Row[] = [];
  for (const product of asked) {
    const answer = await context.provider.ask(product, queryOfRow(context, row));
    if (answer.kind === 'found') found.push(answer.row);
  }
  return found.length === 1 ? (found[0] ?? null) : null;
};

/** Statements do not say why something failed; the queries of some families do. */
const withFailure = async (context: RunContext, row: Row, product: string): Promise<Row> => {
  if (row.status !== 'failed' || row.fields['failedCode'] != null) return { ...row, product };
  const answer = await context.provider.ask(product, queryOfRow(context, row));
  return answer.kind === 'found' && answer.row.status === row.status ? answer.row : { ...row, product };
};

/** The row with its family; null where that stays open. */
const withFamily = (context: RunContext, row: Row, entry: KnownHistory | null): Promise<Row | null> => {
  const family = familyOf(context.ports.registry, row, entry);
  return family.kind === 'known'
    ? withFailure(context, row, family.product)
    : askCandidates(context, row, family.candidates);
};

/** Emits what is missing: the ordinary event, through the same code as a callback. */
const emitMissing = async (context: RunContext, row: Row, compared: Compared, tally: Tally): Promise<void> => {
  const { ports, merchant } = context;
  const named = await withFamily(context, row, compared.entry);
  if (named?.product == null) return reportFinding(context, tally, { compared, reason: 'its family is not known' });
  const decided = { ...compared, row: named };
  const interpreted = interpretReply(ports.registry, { ...named, product: named.product }, merchant.timeZone);
  if (!interpreted.ok) return reportFinding(context, tally, { compared: decided, reason: interpreted.error });
  if (!context.apply) return reportFinding(context, tally, { compared: decided });
  const receivedAt = ports.now();
  const delivery = {
    merchant,
    interpreted: interpreted.value,
    origin: 'reconciliation',
    receivedAt,
    flags: [],
    isAmbiguous: false,
  } as const;
  const delivered = await deliver(ports, delivery, { isConfirmed: true });
  if ('reason' in delivered) {
    return reportFinding(context, tally, { compared: decided, reason: delivered.reason });
  }
  if (delivered.kind === 'accepted') tally.emitted += 1;
  else tally.matched += 1; // its callback came meanwhile
};

/** Asked again: a callback may have come after the row was read, and a row may be older than the callback. */
const recheckRow = async (context: RunContext, row: Row, { entry }: Compared): Promise<Compared | undefined> => {
  const family = familyOf(context.ports.registry, row, entry);
  const answer: QueryResult =
    family.kind === 'known' ? await context.provider.ask(family.product, queryOfRow(context, row)) : { kind: 'absent' };
  const [again] = await compareNow(context, [answer.kind === 'found' ? answer.row : row]);
  return again;
};

/** Whether it was this run that emitted it, before it was killed and resumed. */
const isOurs = ({ startedAt }: RunContext, { row, entry }: Compared): boolean => {
  const sighting = row?.status == null ? undefined : sightingOf(entry, row.status);
  return sighting?.origin === 'reconciliation' && sighting.first.receivedAt >= startedAt;
};

/** What is remembered of a row: its state, and what came of it. */
const stateOf = ({ status, amount }: Row): string => `${status} ${amount} `;

const reconcileRow = async (context: RunContext, compared: Compared, tally: Tally): Promise<void> => {
  const { comparison, row } = compared;
  if (row === null) return reportFinding(context, tally, { compared });
  if (comparison === 'missing') return emitMissing(context, row, compared, tally);
  if (comparison === 'matched') {
    if (isOurs(context, compared)) tally.emitted += 1;
    else tally.matched += 1;
    return;
  }
  if (comparison !== 'status-mismatch') return reportFinding(context, tally, { compared });
  const again = (await recheckRow(context, row, compared)) ?? compared;
  if (again.comparison === 'status-mismatch') return reportFinding(context, tally, { compared: again });
  return reconcileRow(context, again, tally);
};

/** Asks for the refunds of payments: they are in no statement (PAYCOOLS.md 10, 6). */
const reconcileRefunds = async (context: RunContext, rows: readonly Row[], tally: Tally): Promise<void> => {
  const { provider } = context;
  const payments = rows.filter(
    ({ status, product }) => status === 'succeeded' && (product === null || provider.collections.includes(product)),
  );
  for (const { subject } of payments) {
    const refunds = await provider.refunds(subject.id);
    if (refunds === null) tally.unanswered += 1;
    else await reconcileRows(context, refunds, tally);
  }
};

/** Compares rows with the ledger, those that this run has not seen yet in this state, and acts on what it finds. */
export const reconcileRows = async (context: RunContext, rows: readonly Row[], tally: Tally): Promise<void> => {
  const notes = await notesOf(
    context,
    tally,
    rows.map(({ subject }) => subjectKey(subject)),
  );
  const fresh = rows.filter((row, index) => notes[index]?.startsWith(stateOf(row)) !== true);
  const before = new Map(rows.map(({ subject }, index) => [subjectKey(subject), notes[index] ?? null]));
  for (const compared of await compareNow(context, fresh)) {
    const key = subjectKey(compared.subject);
    const note = before.get(key) ?? null;
    if (note === null) tally.rows += 1;
    if (note?.endsWith(' matched') === true) tally.matched -= 1; // it was pending, and has ended meanwhile
    await reconcileRow(context, compared, tally);
    if (compared.row !== null) tally.seen.set(key, `${stateOf(compared.row)}${compared.comparison}`);
  }
  if (context.depth === 'full') await reconcileRefunds(context, fresh, tally);
};
