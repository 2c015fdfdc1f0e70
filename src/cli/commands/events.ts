import type { Command } from 'commander';
import type { Inspection } from '../../operate/operations.ts';
import { repeatsOf, repeatsText } from '../../operate/repeats.ts';
import type { JournalEntry } from '../../receive/journal.ts';
import { AS_OPTION, actorOf } from '../action-options.ts';
import { asJson, CommandError, type Io } from '../io.ts';
import { openOperations } from '../open-operations.ts';
import { addEventsList } from './list-events.ts';

const timeOf = ({ receivedAt }: JournalEntry): string => new Date(receivedAt).toISOString();

const textOf = (body: Uint8Array | null): string | null => (body === null ? null : new TextDecoder().decode(body));

/** A callback as `--json` prints it, with its body as text. */
const asRecord = ({ entry, explanation, event, job }: Inspection): Record<string, unknown> => ({
  ...entry,
  receivedAt: timeOf(entry),
  ...repeatsOf(entry),
  body: textOf(entry.body),
  verification: explanation,
  event: event ?? entry.event,
  job,
});

const section = (title: string, text: string): string => `\n${title}\n${text.replaceAll(/^/gm, '  ')}\n`;

const asPage = ({ entry, explanation, event, job }: Inspection): string => {
  const { id, requestId, outcome, status, reason, merchant, address, source, durationMs } = entry;
  const origin =
    source === null
      ? `merchant ${merchant}, emitted by the reconciliation ${requestId}`
      : `merchant ${merchant}, address ${address ?? '-'}, from ${source}, request ${requestId}, ${durationMs?.toFixed(1)} ms`;
  const head = [
    `${id}  ${timeOf(entry)}  ${outcome}${status === null ? '' : ` (${status})`}${reason === null ? '' : `: ${reason}`}`,
    origin,
    ...[repeatsText(entry, (at) => new Date(at).toISOString())].filter(Boolean),
  ];
  const steps = explanation?.steps.map(({ step, result }) => `${step}: ${result}`) ?? ['no longer possible'];
  if (explanation?.likelyMistake != null) steps.push(`likely mistake: ${explanation.likelyMistake}`);
  const parts = [
    `${head.join('\n')}\n`,
    section('verification with the current keys', steps.join('\n')),
    section('event', event === null ? 'none' : JSON.stringify(event, null, 2)),
    section(
      'job',
      job === null ? 'none, or already removed' : `${job.state} on {${job.queue}}, ${job.attempts} attempts`,
    ),
    section('body', textOf(entry.body) ?? 'encrypted with a different JOURNAL_KEY'),
  ];
  return parts.join('');
};

const addShow = (command: Command, io: Io): void => {
  command
    .command('show')
    .description('show a callback in full: body, verification, event and job')
    .argument('<id>', 'id of an entry, order, transaction, event or request')
    .option('--json', 'print { id, receivedAt, outcome, body, verification, event, job, … }')
    .addHelpText('after', '\nExample:\n  paycools events show D1032653961082864323')
    .action(async (id: string, { json }: { readonly json?: boolean }) => {
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io);
      const entry = await operations.journal.find(id);
      if (entry === null) throw new CommandError(`${id} is not in the journal`);
      const inspection = await operations.inspect(entry);
      io.out(json === true ? asJson(asRecord(inspection)) : asPage(inspection));
    });
};

const addReplay = (command: Command, io: Io): void => {
  command
    .command('replay')
    .description('put events back on their queues under the same ids; events that are still waiting are left alone')
    .argument('<ids...>', 'ids of entries, orders, transactions, events or requests')
    .option(...AS_OPTION)
    .option('--json', 'print an array of { id, isDone, message }')
    .addHelpText('after', '\nExample:\n  paycools events replay evt_…')
    .action(async (ids: readonly string[], { json, as }: { readonly json?: boolean; readonly as?: string }) => {
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io);
      const results = [];
      for (const id of ids) results.push(await operations.replay(id, { actor: actorOf(io, as) }));
      const done = results.filter(({ isDone }) => isDone).length;
      io.out(json === true ? asJson(results) : `${done} done, ${results.length - done} failed\n`);
      if (done < results.length) throw new CommandError('not all were replayed');
    });
};

/** `paycools events list|show|replay`: the journal of received callbacks. */
export const addEvents = (program: Command, io: Io): void => {
  const command = program.command('events').description('the journal of received callbacks, genuine or not');
  addEventsList(command, io);
  addShow(command, io);
  addReplay(command, io);
};
