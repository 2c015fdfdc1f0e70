import type { FindingEvent } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import { comparisons } from './compare.ts';
import { compareNow } from './reconcile-rows.ts';
import { emptyTally, notesOf, type Page, type RunContext, tallyEach } from './run-context.ts';

/** Findings that end when both sides agree. Conflicts and reversals stay until a person has looked at them. */
const MAY_END: ReadonlySet<string> = new Set([...comparisons, 'unreadable']);

/** Findings that are looked at in one run. */
const MAX_FINDINGS = 1000;

const subjectOf = ({ subject, data }: FindingEvent): Subject => ({
  kind: data.product === 'refund' ? 'refund' : 'transaction',
  id: subject,
});

const openFindings = async ({ ports, merchant, startedAt }: RunContext): Promise<readonly FindingEvent[]> => {
  const found: FindingEvent[] = [];
  for await (const finding of ports.openFindings.list(merchant.name)) {
    const isEarlier = Date.parse(finding.receivedat) < startedAt;
    if (!isEarlier || finding.origin !== 'reconciliation' || !MAY_END.has(finding.data.kind)) continue;
    found.push(finding);
    if (found.length === MAX_FINDINGS) break;
  }
  return found;
};

/** Whether both sides agree now, by what this run has seen, or else by asking. */
const agrees = async (
  context: RunContext,
  { finding, note }: { readonly finding: FindingEvent; readonly note: string | null },
): Promise<boolean> => {
  if (note !== null) return note.endsWith(' matched');
  const { product, merchantOrderId } = finding.data;
  const subject = subjectOf(finding);
  if (!context.provider.canAsk(product, subject)) return false;
  const answer = await context.provider.ask(product, { subject, merchantOrderId, day: null });
  if (answer.kind !== 'found' || answer.row.status === null) return false;
  const [compared] = await compareNow(context, [answer.row]);
  return compared?.comparison === 'matched';
};

/** Looks again at the findings of earlier runs, and takes away those on which both sides agree now. */
export async function* findingPages(context: RunContext): AsyncGenerator<Page> {
  const tally = emptyTally();
  if (context.apply) {
    const findings = await openFindings(context);
    const notes = await notesOf(
      context,
      tally,
      findings.map((finding) => subjectKey(subjectOf(finding))),
    );
    await tallyEach(context, tally, findings, async (finding, part, index) => {
      if (!(await agrees(context, { finding, note: notes[index] ?? null }))) return;
      await context.ports.openFindings.resolve(finding, 'PayCools and the received events agree now');
      part.resolved += 1;
    });
  }
  yield { tally, next: null };
}
