import type { Command } from 'commander';
import { type BothSides, compareSides } from '../../operate/compare-sides.ts';
import type { PaymentHistory, PaymentRow } from '../../operate/operations.ts';
import type { AskResult } from '../../operate/ports.ts';
import { repeatsOf } from '../../operate/repeats.ts';
import { formatTime, paint } from '../format.ts';
import { asJson, CommandError, type Io } from '../io.ts';
import { openOperations } from '../open-operations.ts';
import { amountColumn, amountText, orderColumn } from '../payment-columns.ts';
import { type Column, showTable } from '../table.ts';

const MAX_ROWS = 50;

const columnsFor = (io: Io): readonly Column<PaymentRow>[] => [
  orderColumn,
  { title: 'ID', text: ({ key }) => key.id, isId: true },
  { title: 'STATE', text: ({ type, product }) => type ?? `unproven${product === null ? '' : ` ${product}`}` },
  amountColumn,
  { title: 'LAST', text: ({ at }) => formatTime(io, at), isId: true },
  { title: 'MERCHANT', text: ({ key }) => key.merchant },
];

/** PayCools's answer next to what is known here. */
const askedLines = (sides: BothSides | string): readonly string[] =>
  typeof sides === 'string'
    ? [sides]
    : [
        `PayCools says: ${sides.theirs}`,
        `received here: ${sides.ours}`,
        sides.isSame ? 'Both agree.' : 'They differ: reconcile the day of the payment.',
      ];

const pageOf = (io: Io, history: PaymentHistory, asked: AskResult | null): string => {
  const { summary, timeline, key, product, merchantOrderId, amount } = history;
  const claimed = (text: string | null): string | null =>
    text !== null && summary.condition === 'unproven' ? `${text} (claimed, unproven)` : text;
  const facts: readonly (readonly [string, string | null])[] = [
    ['order', claimed(merchantOrderId)],
    [key.kind, key.id],
    ['product', product],
    ['amount', claimed(amountText(amount))],
    ['merchant', key.merchant],
    ['state', [summary.status, summary.condition].filter(Boolean).join(', ')],
    ['since', summary.since === null ? null : formatTime(io, summary.since)],
  ];
  const head = facts.map(([name, value]) => `${name.padEnd(14)} ${value ?? '-'}`);
  const what = [
    paint(io, 'bold', summary.meaning),
    ...(summary.advice === null ? [] : [`What to do: ${summary.advice}`]),
  ];
  const steps = timeline.map(({ at, title, detail, isBad, isProven }) => {
    const line = `${formatTime(io, at)}  ${title}${detail === null || detail === '' ? '' : `  ${detail}`}`;
    return paint(io, isBad ? 'red' : isProven ? undefined : 'dim', line);
  });
  const answer = asked === null ? [] : ['', ...askedLines(compareSides(asked, history))];
  return `${[...head, '', ...what, ...answer, '', ...steps].join('\n')}\n`;
};

/** `paycools where`: shows everything known about one payment. */
export const addWhere = (program: Command, io: Io): void => {
  program
    .command('where')
    .description('show everything known about one payment: its state, what happened, what to do')
    .argument(
      '<id>',
      'any id of the payment (order, transaction, refund, authorization, event, request), or a prefix of one',
    )
    .option('--ask', 'query PayCools now and show both sides')
    .option('--json', 'print { summary, key, amount, timeline, events, findings, … }, or { matches } for several')
    .addHelpText('after', '\nExamples:\n  paycools where CQPL1653961082230623\n  paycools where d10326 --json')
    .action(async (id: string, { ask, json }: { readonly ask?: boolean; readonly json?: boolean }) => {
      await using stack = new AsyncDisposableStack();
      const operations = await openOperations(stack, io);
      const matches = await operations.findPayments(id, MAX_ROWS);
      const [only] = matches;
      if (only === undefined)
        throw new CommandError(
          `nothing with the id ${id} was received; ask PayCools, or reconcile the day of the payment`,
        );
      if (matches.length > 1) {
        if (json === true) io.out(asJson({ matches }));
        else showTable(io, { rows: matches, columns: columnsFor(io), json: false });
        return;
      }
      const history = await operations.payment(only.key);
      const asked = ask === true ? await operations.ask(history) : null;
      io.out(json === true ? asJson(recordOf(history, asked)) : pageOf(io, history, asked));
    });
};

/** The history as `--json` prints it; bodies are in `events show`. */
const recordOf = ({ entries, ...history }: PaymentHistory, asked: AskResult | null) => ({
  ...history,
  callbacks: entries.map(({ body: _, ...entry }) => ({
    ...entry,
    receivedAt: new Date(entry.receivedAt).toISOString(),
    ...repeatsOf(entry),
  })),
  ...(asked === null ? {} : { asked }),
});
