import type { FindingEvent } from '../core/event.ts';
import { type Subject, subjectKey } from '../core/event-id.ts';
import { comparisons } from './compare.ts';
import { compareWithLedger } from './reconcile-rows.ts';
import { emptyTally, loadSeen, type Page, type RunContext, tallyEach } from './run-context.ts';

/** Kinds that are resolved when both sides agree. Conflicts and reversals remain until a person resolves them. */
const RESOLVABLE: ReadonlySet<string> = new Set([...comparisons, 'unreadable']);

/** Maximum number of findings that a run checks. */
const MAX_FINDINGS = 1000;

const subjectOf = ({ subject, data }: FindingEvent): Subject => ({
  kind: data.product === 'refund' ? 'refund' : 'transaction',
  id: subject,
});

const openFindings = async ({ ports, merchant, startedAt }: RunContext): Promise<readonly FindingEvent[]> => {
  const findings: FindingEvent[] = [];
  for await (const finding of ports.openFindings.list(merchant.name)) {
    const isEarlier = Date.parse(finding.receivedat) < startedAt;
    if (!isEarlier || finding.origin !== 'reconciliation' || !RESOLVABLE.has(finding.data.kind)) continue;
    findings.push(finding);
    if (findings.length === MAX_FINDINGS) break;
  }
  return findings;
};

/** Whether both sides now agree: according to this run, or, if it has not seen the subject, to a query. */
const doSidesAgree = async (
  context: RunContext,
  finding: FindingEvent,
  seenAs: string | undefined,
): Promise<boolean> => {
  if (seenAs !== undefined) return seenAs.endsWith(' matched');
  const { product, merchantOrderId } = finding.data;
  const subject = subjectOf(finding);
  if (!context.provider.canAsk(product, subject)) return false;
  const answer = await context.provider.ask(product, { subject, merchantOrderId, day: null });
  if (answer.kind !== 'found' || answer.row.status === null) return false;
  const [compared] = await compareWithLedger(context, [answer.row]);
  return compared?.comparison === 'matched';
};

/** Rechecks the findings of earlier runs and resolves those on which both sides now agree. */
export async function* recheckFindings(context: RunContext): AsyncGenerator<Page> {
  const tally = emptyTally();
  if (context.apply) {
    const findings = await openFindings(context);
    const keyOf = (finding: FindingEvent): string => subjectKey(subjectOf(finding));
    const seen = await loadSeen(context, tally, findings.map(keyOf));
    await tallyEach(context, tally, findings, async (finding, part) => {
      if (!(await doSidesAgree(context, finding, seen.get(keyOf(finding))))) return;
      await context.ports.openFindings.resolve(finding, 'PayCools and the received events now agree');
      part.resolved += 1;
    });
  }
  yield { tally, next: null };
}
