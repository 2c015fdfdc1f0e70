import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { identities } from '../../products/fresh-example.ts';
import { products } from '../../products/registry.ts';
import { exampleOf, type PlannedCallback, planCallbacks, readChanges, readChaos } from '../callback-plan.ts';
import { connectionCode, explainConnection } from '../explain-connection.ts';
import { counted, paint } from '../format.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { createProgress } from '../progress.ts';
import { callbackSecret } from '../settings.ts';

type Options = {
  readonly event?: string;
  readonly set: readonly string[];
  readonly to: string;
  readonly count: string;
  readonly rate: string;
  readonly chaos?: string;
  readonly json?: boolean;
};

type Sent = { readonly plan: PlannedCallback; readonly status: number; readonly answer: string };

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!(value > 0) || (name === 'count' && !Number.isInteger(value)))
    throw new UsageError(`--${name} must be a positive number`);
  return value;
};

/** The service on this machine, at PORT if it is set. */
const defaultAddress = ({ PORT = '' }: Io['env']): string =>
  `http://127.0.0.1:${/^[1-9]\d{1,4}$/.test(PORT) ? PORT : 8080}`;

/** The address for a product's callbacks: `--to`, with the product's path added unless it has a path. */
const addressOf = (to: string, product: string): string => {
  if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol)) {
    throw new UsageError(`--to ${to} is not a URL such as http://127.0.0.1:8080`);
  }
  const url = new URL(to);
  if (url.pathname === '/') url.pathname = `/callbacks/${product}`;
  return url.href;
};

const post = async (address: string, plan: PlannedCallback): Promise<Sent> => {
  if (plan.delayMs > 0) await sleep(plan.delayMs);
  const headers = { 'content-type': 'application/json' };
  try {
    const reply = await fetch(address, { method: 'POST', headers, body: plan.body });
    return { plan, status: reply.status, answer: await reply.text() };
  } catch (error) {
    throw new CommandError(explainConnection(address, connectionCode(error)));
  }
};

const idsOf = ({ fields }: PlannedCallback): Readonly<Record<string, string>> =>
  Object.fromEntries(identities.flatMap((name) => (fields[name] === undefined ? [] : [[name, String(fields[name])]])));

const isAccepted = ({ status }: Sent): boolean => status === 200;

const show = (io: Io, sent: Sent, json: boolean | undefined): void => {
  const { plan, status, answer } = sent;
  if (json === true) {
    io.out(`${JSON.stringify({ status, answer, note: plan.note, ...idsOf(plan) })}\n`);
    return;
  }
  const ids = Object.entries(idsOf(plan)).map(([name, value]) => `${name} ${value}`);
  const color = isAccepted(sent) ? 'green' : plan.note === 'tampered' ? 'yellow' : 'red';
  const parts = [
    `${paint(io, color, String(status))} ${answer}`,
    ...ids,
    ...(plan.note === null ? [] : [`(${plan.note})`]),
  ];
  io.out(`${parts.join('  ')}\n`);
};

const HELP = `
Exits with 1 if a genuine callback was not accepted.

Examples:
  paycools send payout --set amount=100 --set mchOrderId=ORDER00001
  paycools send refund --event payment.refund.cancel --to https://hooks.shop.example
  paycools send qr-code --count 100 --chaos duplicate,disorder,tamper,delay`;

const run = async (io: Io, product: string, options: Options): Promise<void> => {
  const plans = planCallbacks({
    example: exampleOf(product, options.event),
    changes: readChanges(options.set),
    chaos: readChaos(options.chaos),
    count: positive('count', options.count),
    secret: callbackSecret(io),
    mark: io.now().toString(36),
  });
  const pauseMs = 1000 / positive('rate', options.rate);
  const address = addressOf(options.to, product);
  using progress = createProgress(io);
  let [accepted, refused] = [0, 0];
  for (const [index, plan] of plans.entries()) {
    const sent = await post(address, plan);
    progress.clear();
    show(io, sent, options.json);
    if (isAccepted(sent)) accepted += 1;
    else if (plan.note !== 'tampered') refused += 1;
    if (plans.length === 1) break;
    progress.show(`${index + 1} of ${plans.length} sent, ${accepted} accepted`);
    await sleep(pauseMs);
  }
  progress.clear();
  if (plans.length > 1) io.err(`${counted(plans.length, 'callback')} sent, ${accepted} accepted\n`);
  if (refused > 0) throw new CommandError(`${counted(refused, 'genuine callback')} not accepted by ${address}`);
};

/** `paycools send <product>`: signs and posts callbacks as PayCools would. */
export const addSend = (program: Command, io: Io): void => {
  program
    .command('send')
    .description('sign and post callbacks as PayCools would')
    .argument('<product>', products.map((it) => it.product).join(', '))
    .option('--event <name>', "one of the product's events (default: the first)")
    .option('--set <field=value>', 'set a field; repeatable; amounts in centavos', collect, [])
    .option(
      '--to <url>',
      "base URL of the service; the product's path is added unless it has a path",
      defaultAddress(io.env),
    )
    .option('--count <n>', 'number of callbacks, each about a new subject', '1')
    .option('--rate <n>', 'callbacks per second', '50')
    .option('--chaos <list>', 'any of duplicate, disorder, tamper and delay, separated by commas')
    .option('--json', 'print one JSON object per reply: { status, answer, note, mchOrderId, transactionId, … }')
    .addHelpText('after', HELP)
    .action((product: string, options: Options) => run(io, product, options));
};
