import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { DEFAULT_TIME_ZONE } from '../../core/time.ts';
import { createRegistry, products } from '../../products/registry.ts';
import { type Report, reportCsv } from '../../reconcile/report.ts';
import type { RunProgress } from '../../reconcile/steps.ts';
import { RedisRunStore } from '../../redis/reconcile/run-store.ts';
import { openReconciler } from '../../service/reconciler.ts';
import { connectRedis, failUnreachable } from '../connect-redis.ts';
import { readWindow } from '../days.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';
import { createProgress } from '../progress.ts';
import { showReport, showRuns } from '../reconcile-report.ts';
import { openConfiguration } from '../settings.ts';

type MerchantOption = { readonly merchant: string; readonly json?: boolean };

type Options = MerchantOption & {
  readonly from?: string;
  readonly to?: string;
  readonly apply?: boolean;
  readonly csv?: string;
};

const progressLine = ({ step, steps, rows, title }: RunProgress): string =>
  `${step} of ${steps} steps, ${rows} rows, ${title}`.slice(0, 70);

const run = async (io: Io, { from, to, apply = false, merchant: name, csv, json }: Options): Promise<void> => {
  if (from === undefined) throw new UsageError("required option '--from <date>' not specified (see --help)");
  await using stack = new AsyncDisposableStack();
  const { settings, merchants } = openConfiguration(stack, io, name);
  const window = readWindow({
    from,
    to: to ?? 'today',
    now: io.now(),
    timeZone: merchants.find(name)?.timeZone ?? DEFAULT_TIME_ZONE,
    retentionDays: settings.DEDUPLICATION_DAYS,
  });
  const parts = { settings, registry: createRegistry(products), merchants, now: io.now };
  const { reconcile } = stack.use(await openReconciler(parts).catch(failUnreachable(settings.REDIS_URL)));
  const stop = new AbortController();
  io.stopped().then(() => stop.abort(new Error('stopped; run the same command again to resume')));
  const progress = stack.use(createProgress(io));
  const onProgress = (it: RunProgress): void => progress.show(progressLine(it));
  const report = await reconcile({ merchant: name, window, apply, signal: stop.signal, onProgress });
  progress.clear();
  if (csv !== undefined) writeFileSync(csv, reportCsv(report));
  if (json === true) io.out(asJson(report));
  else showReport(io, report);
  if (report.incomplete) throw new CommandError('the reconciliation is incomplete: run it again later');
};

/** The stored reports of a merchant, newest first. */
const storedReports = async (io: Io, name: string): Promise<readonly Report[]> => {
  await using stack = new AsyncDisposableStack();
  const { settings } = openConfiguration(stack, io, name);
  const redis = await connectRedis(stack, settings.REDIS_URL);
  return await new RedisRunStore({ redis, prefix: settings.QUEUE_PREFIX }).reports(name);
};

/** Commander assigns options that `reconcile` also has to `reconcile`, wherever they are written. */
const optionsOf = (command: Command): MerchantOption => command.optsWithGlobals<MerchantOption>();

const addList = (command: Command, io: Io): void => {
  command
    .command('list')
    .description('list the runs of the last 90 days, newest first')
    .option('--merchant <name>', 'name of the merchant', 'default')
    .option('--json', 'print an array of runs: { id, window, rows, matched, emitted, … }')
    .addHelpText('after', '\nExample:\n  paycools reconcile list')
    .action(async (_options: MerchantOption, self: Command) => {
      const { merchant, json } = optionsOf(self);
      showRuns(io, await storedReports(io, merchant), json);
    });
};

const addShow = (command: Command, io: Io): void => {
  command
    .command('show')
    .description('show the report of a run: what it emitted and what it found')
    .argument('<run>', 'id of the run, or a prefix of it')
    .option('--merchant <name>', 'name of the merchant', 'default')
    .option('--json', 'print the report, as reconcile --json does')
    .addHelpText('after', '\nExample:\n  paycools reconcile show run_5b0c')
    .action(async (id: string, _options: MerchantOption, self: Command) => {
      const { merchant, json } = optionsOf(self);
      const reports = await storedReports(io, merchant);
      const report = reports.find((it) => it.id.startsWith(id) || it.id.startsWith(`run_${id}`));
      if (report === undefined)
        throw new CommandError(`${id} is not a run of ${merchant}: see paycools reconcile list`);
      if (json === true) io.out(asJson(report));
      else showReport(io, report);
    });
};

/** `paycools reconcile`: finds what never arrived. */
export const addReconcile = (program: Command, io: Io): void => {
  const command = program
    .command('reconcile')
    .description('compare PayCools with what was received, and emit what is missing (with --apply)')
    .option('--from <date>', 'first day in PAYCOOLS_TIME_ZONE: yyyy-MM-dd, yesterday, or 3d for three days ago')
    .option('--to <date>', 'last day, inclusive (default: today)')
    .option('--apply', 'emit missing events and report disagreements; without it, nothing is changed')
    .option('--merchant <name>', 'name of the merchant', 'default')
    .option('--csv <file>', 'write emitted events and findings to a CSV file')
    .option('--json', 'print the report: { window, rows, matched, emitted, unreadable, events, findings, … }')
    .addHelpText(
      'after',
      '\nAn interrupted run resumes when you ask for the same days again. Exits with 1 if not everything could be read.\n\nExamples:\n  paycools reconcile --from yesterday\n  paycools reconcile --from 2026-11-23 --to 2026-11-23 --apply --json\n  paycools reconcile list',
    )
    .action((options: Options) => run(io, options));
  addList(command, io);
  addShow(command, io);
};
