import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { JsonRecord } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import { freshExample } from '../../products/fresh-example.ts';
import { products } from '../../products/registry.ts';
import { signCallback } from '../../verify/callback.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
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

const CHAOS = ['duplicate', 'disorder', 'tamper', 'delay'] as const;
type Chaos = (typeof CHAOS)[number];

const DELAY_MS = 500;

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

const exampleOf = (product: string, event: string | undefined): JsonRecord => {
  const definition = products.find((it) => it.product === product);
  if (definition === undefined) {
    throw new UsageError(
      `${product} is not a product; the products are ${products.map((it) => it.product).join(', ')}`,
    );
  }
  const examples = [
    ...definition.notifications.flatMap((it) => it.examples.map(({ fields }) => fields)),
    ...definition.paymentVerifications.map(({ example }) => example),
  ];
  const found = event === undefined ? examples[0] : examples.find(({ eventName }) => eventName === event);
  if (found !== undefined) return found;
  const names = [...new Set(examples.map(({ eventName }) => eventName))].join(', ');
  throw new UsageError(`${product} has no example of ${event}; it has ${names}`);
};

/** `field=value`: a value that is an integer is sent as a number, as PayCools does. */
const readChanges = (changes: readonly string[]): JsonRecord =>
  Object.fromEntries(
    changes.map((change) => {
      const [, name, value = ''] = /^(\w+)=([\s\S]*)$/.exec(change) ?? [];
      if (name === undefined) throw new UsageError(`--set ${change} is not field=value`);
      return [name, /^-?\d{1,15}$/.test(value) ? Number(value) : value];
    }),
  );

const readChaos = (text: string | undefined): ReadonlySet<Chaos> => {
  const words = text === undefined ? [] : text.split(',');
  const unknown = words.filter((word) => !CHAOS.some((it) => it === word));
  if (unknown.length > 0) throw new UsageError(`--chaos knows ${CHAOS.join(', ')}, not ${unknown.join(', ')}`);
  return new Set(words as Chaos[]);
};

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!(value > 0) || (name === 'count' && !Number.isInteger(value)))
    throw new UsageError(`--${name} must be a positive number`);
  return value;
};

type Plan = { readonly body: string; readonly delayMs: number; readonly note: string };

/** What is sent: genuine callbacks, each about a new subject, and what chaos makes of them. */
const plan = (fields: JsonRecord, options: Options, secret: Secret, mark: string): Plan[] => {
  const chaos = readChaos(options.chaos);
  const changes = readChanges(options.set);
  const plans = Array.from({ length: positive('count', options.count) }, (_, index): Plan[] => {
    const body = signCallback({ ...freshExample(fields, `${mark}${index}`), ...changes }, secret);
    const delayMs = chaos.has('delay') && index % 3 === 2 ? DELAY_MS : 0;
    const own: Plan[] = [{ body, delayMs, note: delayMs > 0 ? 'late' : '' }];
    if (chaos.has('duplicate') && index % 2 === 0) own.push({ body, delayMs: 0, note: 'again' });
    if (chaos.has('tamper') && index % 2 === 1) {
      own.push({
        body: body.replace(/"sign":"./, (it) => `${it.slice(0, -1)}${it.endsWith('0') ? '1' : '0'}`),
        delayMs: 0,
        note: 'tampered',
      });
    }
    return own;
  }).flat();
  return chaos.has('disorder') ? plans.map((it, index) => plans[index ^ 1] ?? it) : plans;
};

const post = async (to: string, { body, delayMs }: Plan): Promise<{ status: number; answer: string }> => {
  if (delayMs > 0) await sleep(delayMs);
  try {
    const answer = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return { status: answer.status, answer: await answer.text() };
  } catch {
    throw new CommandError(`${to} does not answer`);
  }
};

/** `paycools send <product>`: signs and posts callbacks as PayCools would. */
export const addSend = (program: Command, io: Io): void => {
  program
    .command('send')
    .description('sign callbacks as PayCools would, and post them')
    .argument('<product>', products.map((it) => it.product).join(', '))
    .option('--event <name>', 'which of its events; the first one otherwise')
    .option('--set <field=value>', 'replace a field; may be repeated', collect, [])
    .option('--to <url>', 'where to', 'http://127.0.0.1:8080/callbacks')
    .option('--count <n>', 'how many, each about a new subject', '1')
    .option('--rate <n>', 'how many per second', '50')
    .option('--chaos <list>', 'any of duplicate, disorder, tamper, delay')
    .option('--json', 'print one JSON object for each answer')
    .addHelpText(
      'after',
      '\nExamples:\n  paycools send payout --set amount=100\n  paycools send refund --event payment.refund.cancel\n  paycools send qr-code --count 100 --chaos duplicate,disorder,tamper,delay',
    )
    .action(async (product: string, options: Options) => {
      const plans = plan(exampleOf(product, options.event), options, callbackSecret(io), io.now().toString(36));
      const pauseMs = 1000 / positive('rate', options.rate);
      for (const it of plans) {
        const { status, answer } = await post(options.to, it);
        if (options.json === true) io.out(`${JSON.stringify({ status, answer, note: it.note || null })}\n`);
        else io.out(`${status} ${answer}${it.note === '' ? '' : `  (${it.note})`}\n`);
        if (plans.length > 1) await sleep(pauseMs);
      }
    });
};
