import type { Job } from 'bullmq';
import type { Command } from 'commander';
import type { AnyEvent, UnrecognizedEvent } from '../../core/event.ts';
import { products } from '../../products/registry.ts';
import { CONFIRMATION_QUEUE } from '../../receive/deliver.ts';
import { redrive } from '../../receive/redrive.ts';
import { UNRECOGNIZED_QUEUE } from '../../receive/unrecognized.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';
import { type CommandStore, openCommandStore } from '../store.ts';

type Choice = { readonly all?: boolean; readonly json?: boolean };

/** How a row is shown to people, and what `--json` prints of it. */
type Row = Readonly<Record<string, string | null>>;

const PAGE = 100;

const show = (io: Io, rows: readonly Row[], json: boolean | undefined): void => {
  if (json === true) io.out(asJson(rows));
  else if (rows.length === 0) io.err('There is nothing.\n');
  else
    io.out(
      rows
        .map(
          (row) =>
            `${Object.values(row)
              .map((it) => it ?? '-')
              .join('  ')}\n`,
        )
        .join(''),
    );
};

type Listing = { readonly store: CommandStore; readonly queue: string; readonly state: 'waiting' | 'failed' };

/** Every job of a queue in a state, page by page, oldest first. */
async function* jobsOf({ store, queue: name, state }: Listing): AsyncGenerator<Job<AnyEvent>> {
  const queue = store.queue(name);
  const ids: string[] = [];
  for (let start = 0; ; start += PAGE) {
    const page = await queue.getJobs([state], start, start + PAGE - 1, true);
    ids.push(...page.flatMap(({ id }) => (id === undefined ? [] : [id])));
    if (page.length < PAGE) break;
  }
  for (const id of ids) {
    const job = await queue.getJob(id);
    if (job !== undefined) yield job;
  }
  await queue.close();
}

const wanted = (id: string | undefined, { all }: Choice): ((job: Job<AnyEvent>) => boolean) => {
  if ((id === undefined) === (all !== true)) throw new UsageError('name one event id, or --all');
  return (job) => all === true || job.data.id === id || job.id === id;
};

type Tally = { done: number; failed: number };

const conclude = (io: Io, { done, failed }: Tally, { json }: Choice): void => {
  if (json === true) io.out(asJson({ redriven: done, failed }));
  else io.out(`${done} redriven, ${failed} not\n`);
  if (failed > 0 || done === 0)
    throw new CommandError(done + failed === 0 ? 'there is no such event' : 'not all were redriven');
};

const unrecognizedRow = ({ data }: Job<AnyEvent>): Row => {
  const event = data as UnrecognizedEvent;
  const { product, provider, reason } = event.data;
  return {
    id: event.id,
    receivedAt: event.receivedat,
    source: event.source,
    product,
    eventName: provider.eventName,
    reason,
  };
};

const redriveOne = async (io: Io, store: CommandStore, job: Job<AnyEvent>): Promise<boolean> => {
  const event = job.data as UnrecognizedEvent;
  const merchant = store.merchants.find(event.source.replace('urn:paycools:', ''));
  if (merchant === undefined) {
    io.err(`${event.id}: its merchant is not configured\n`);
    return false;
  }
  const outcome = await redrive(store.ports, merchant, event);
  io.err(`${event.id}: ${outcome.ok ? `${outcome.value.kind} as ${outcome.value.event.type}` : outcome.error}\n`);
  if (outcome.ok) await job.remove();
  return outcome.ok;
};

/** `paycools unrecognized list|redrive`: the quarantine. */
export const addUnrecognized = (program: Command, io: Io): void => {
  const command = program.command('unrecognized').description('callbacks that are genuine but were not understood');
  command
    .command('list')
    .description('show them, oldest first')
    .option('--json', 'print an array of { id, receivedAt, source, product, eventName, reason }')
    .addHelpText('after', '\nExample:\n  paycools unrecognized list --json')
    .action(async ({ json }: Choice) => {
      await using store = await openCommandStore(io);
      const rows: Row[] = [];
      for await (const job of jobsOf({ store, queue: UNRECOGNIZED_QUEUE, state: 'waiting' }))
        rows.push(unrecognizedRow(job));
      show(io, rows, json);
    });
  command
    .command('redrive')
    .description('put one or all through the mapping again; what is still not understood stays')
    .argument('[id]', 'id of the event')
    .option('--all', 'all of them')
    .option('--json', 'print { redriven, failed }')
    .addHelpText('after', '\nExamples:\n  paycools unrecognized redrive evt_…\n  paycools unrecognized redrive --all')
    .action(async (id: string | undefined, choice: Choice) => {
      const isWanted = wanted(id, choice);
      await using store = await openCommandStore(io);
      const tally: Tally = { done: 0, failed: 0 };
      for await (const job of jobsOf({ store, queue: UNRECOGNIZED_QUEUE, state: 'waiting' })) {
        if (!isWanted(job)) continue;
        tally[(await redriveOne(io, store, job)) ? 'done' : 'failed'] += 1;
      }
      conclude(io, tally, choice);
    });
};

const failedRow = (queue: string, { data, failedReason, attemptsMade }: Job<AnyEvent>): Row => ({
  id: data.id,
  queue,
  type: data.type,
  subject: data.subject,
  attempts: String(attemptsMade),
  reason: failedReason ?? null,
});

/** Where events wait for a worker: those of the merchant, and ours that asks PayCools back. */
const EVENT_QUEUES = [...products.map(({ product }) => product), CONFIRMATION_QUEUE];

/** `paycools failed list|redrive`: jobs that the workers gave up. */
export const addFailed = (program: Command, io: Io): void => {
  const command = program.command('failed').description('events that workers gave up on (dead letters)');
  command
    .command('list')
    .description('show them, queue by queue')
    .option('--json', 'print an array of { id, queue, type, subject, attempts, reason }')
    .addHelpText('after', '\nExample:\n  paycools failed list')
    .action(async ({ json }: Choice) => {
      await using store = await openCommandStore(io);
      const rows: Row[] = [];
      for (const queue of EVENT_QUEUES) {
        for await (const job of jobsOf({ store, queue, state: 'failed' })) rows.push(failedRow(queue, job));
      }
      show(io, rows, json);
    });
  command
    .command('redrive')
    .description('give one or all to the workers again')
    .argument('[id]', 'id of the event')
    .option('--all', 'all of them')
    .option('--json', 'print { redriven, failed }')
    .addHelpText('after', '\nExamples:\n  paycools failed redrive evt_…\n  paycools failed redrive --all')
    .action(async (id: string | undefined, choice: Choice) => {
      const isWanted = wanted(id, choice);
      await using store = await openCommandStore(io);
      const tally: Tally = { done: 0, failed: 0 };
      for (const queue of EVENT_QUEUES) {
        for await (const job of jobsOf({ store, queue, state: 'failed' })) {
          if (!isWanted(job)) continue;
          await job.retry('failed');
          io.err(`${job.data.id}: waits on {${queue}} again\n`);
          tally.done += 1;
        }
      }
      conclude(io, tally, choice);
    });
};
