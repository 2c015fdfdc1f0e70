import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { createRegistry, products } from '../../products/registry.ts';
import { type Report, reportCsv } from '../../reconcile/report.ts';
import type { RunProgress } from '../../reconcile/walk.ts';
import { openReconciler } from '../../service/reconciler.ts';
import { asJson, CommandError, type Io } from '../io.ts';
import { openConfiguration } from '../settings.ts';

type Options = {
  readonly from: string;
  readonly to: string;
  readonly apply?: boolean;
  readonly merchant: string;
  readonly csv?: string;
  readonly json?: boolean;
};

const open = async (stack: AsyncDisposableStack, io: Io) => {
  const { settings, merchants } = openConfiguration(stack, io);
  const registry = createRegistry(products);
  const parts = { settings: settings.service, registry, merchants, now: io.now };
  const reconciler = await openReconciler(parts).catch(() => {
    throw new CommandError('Redis does not answer: check REDIS_URL');
  });
  return stack.use(reconciler).reconcile;
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const show = ({ merchant, window, rows, matched, emitted, unanswered, findings, apply }: Report): string =>
  [
    `${merchant}, ${window.from} to ${window.to} (${window.timeZone})`,
    `${counted(rows, 'row')}, ${matched} matched, ${emitted} emitted, ${counted(findings.length, 'finding')}`,
    ...(apply ? [] : ['A dry run: nothing was changed. --apply emits what is missing and reports what disagrees.']),
    ...(unanswered === 0 ? [] : [`${counted(unanswered, 'question')} not answered by PayCools: run it again later.`]),
    ...findings.map(
      ({ kind, product, transactionId, summary }) => `  ${kind}  ${product}  ${transactionId ?? '-'}  ${summary}`,
    ),
  ].join('\n');

/** One line that is written over, on a terminal only. */
const progressLine = ({ step, steps, rows }: RunProgress): string => `\r${step} of ${steps} steps, ${rows} rows   `;

/** `paycools reconcile`: what never arrived. */
export const addReconcile = (program: Command, io: Io): void => {
  program
    .command('reconcile')
    .description('compare PayCools with what was received, and emit what is missing')
    .requiredOption('--from <date>', 'first day, yyyy-MM-dd in PAYCOOLS_TIME_ZONE')
    .requiredOption('--to <date>', 'last day, included')
    .option('--apply', 'emit what is missing and report what disagrees; without it nothing is changed')
    .option('--merchant <name>', 'one of several merchants', 'default')
    .option('--csv <file>', 'write the findings as CSV')
    .option('--json', 'print the report: { window, rows, matched, emitted, findings }')
    .addHelpText(
      'after',
      '\nAn interrupted run resumes when you ask for the same days again.\n\nExamples:\n  paycools reconcile --from 2026-11-22 --to 2026-11-23\n  paycools reconcile --from 2026-11-23 --to 2026-11-23 --apply --json',
    )
    .action(async ({ from, to, apply = false, merchant, csv, json }: Options) => {
      await using stack = new AsyncDisposableStack();
      const reconcile = await open(stack, io);
      const stop = new AbortController();
      io.stopped().then(() => stop.abort(new Error('stopped; the same command continues where it stopped')));
      const onProgress = (progress: RunProgress): void => {
        if (io.isTerminal) io.err(progressLine(progress));
      };
      const report = await reconcile({ merchant, window: { from, to }, apply, signal: stop.signal, onProgress });
      if (io.isTerminal) io.err('\r');
      if (csv !== undefined) writeFileSync(csv, reportCsv(report));
      io.out(json === true ? asJson(report) : `${show(report)}\n`);
    });
};
