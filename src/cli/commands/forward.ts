import type { Command } from 'commander';
import { parseBaseUrl } from '../../core/base-url.ts';
import { readWebhookSecret } from '../../forward/sign-webhook.ts';
import {
  type ForwardAttempt,
  type ForwarderOptions,
  forwardableQueues,
  startForwarder,
} from '../../forward/start-forwarder.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { numberIn } from '../option-values.ts';
import { workerSettings } from '../settings.ts';

type Options = {
  readonly to: string;
  readonly product?: readonly string[];
  readonly ordered?: boolean;
  readonly stale?: boolean;
  readonly concurrency: string;
  readonly timeout: string;
  readonly json?: boolean;
};

const queuesOf = (words: readonly string[] = forwardableQueues): readonly string[] => {
  const names = words.flatMap((word) => word.split(',')).map((name) => name.trim());
  const unknown = names.find((name) => !forwardableQueues.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new UsageError(`--product ${unknown} is not one of ${forwardableQueues.join(', ')}`);
};

const urlOf = (text: string): string => {
  const checked = parseBaseUrl(text);
  if (!checked.ok) throw new UsageError(`--to ${checked.error}`);
  return text;
};

const describe = ({ type, id, attempt, status, error, isFinal }: ForwardAttempt): string => {
  const next = isFinal ? 'giving up, it is now a failed job' : 'will be retried';
  return `${type} ${id} attempt ${attempt}: ${error === null ? status : `${error}; ${next}`}`;
};

const optionsOf = (io: Io, given: Options): ForwarderOptions => {
  const url = urlOf(given.to);
  const queueNames = queuesOf(given.product);
  const timeoutMs = numberIn('timeout', given.timeout, { min: 1, max: 300_000, isInteger: true });
  const concurrency = numberIn('concurrency', given.concurrency, { min: 1, max: 1000, isInteger: true });
  const { REDIS_URL: redis, QUEUE_PREFIX: prefix, FORWARD_SECRET: secret } = workerSettings(io);
  if (secret === null) throw new CommandError('FORWARD_SECRET is missing: set it, or FORWARD_SECRET_FILE');
  const key = readWebhookSecret(secret);
  if (!key.ok) throw new CommandError(`FORWARD_SECRET ${key.error}`);
  return {
    redis,
    prefix,
    target: { url, key: key.value, timeoutMs, now: io.now },
    queueNames,
    concurrency,
    isOrdered: given.ordered === true,
    handlesStale: given.stale === true,
    onAttempt: (attempt) => {
      const time = new Date(io.now()).toISOString();
      if (given.json === true) io.out(`${JSON.stringify({ time, ...attempt })}\n`);
      else io.err(`${time} ${describe(attempt)}\n`);
    },
  };
};

/** `paycools forward`: a worker for applications without BullMQ. */
export const addForward = (program: Command, io: Io): void => {
  program
    .command('forward')
    .description('post each event to an HTTP endpoint, signed (CloudEvents, Standard Webhooks)')
    .requiredOption('--to <url>', 'endpoint that receives the events; a 2xx reply completes an event')
    .option('--product <name...>', `queues to forward (default: all): ${forwardableQueues.join(', ')}`)
    .option(
      '--ordered',
      'post the events of a payment in order: each waits until the earlier ones are delivered or given up',
    )
    .option('--stale', 'also post events flagged stale')
    .option('--concurrency <n>', 'number of events to post at the same time, per queue', '10')
    .option('--timeout <ms>', 'how long the endpoint may take to reply, in milliseconds', '15000')
    .option('--json', 'print one line of JSON per attempt: { time, type, id, attempt, status, error, isFinal }')
    .addHelpText(
      'after',
      '\nEvents are signed with FORWARD_SECRET (or FORWARD_SECRET_FILE): whsec_ followed by base64. Receivers in several\nlanguages: docs/forwarding.md.\n\nExample:\n  FORWARD_SECRET="whsec_$(openssl rand -base64 32)" paycools forward --to http://127.0.0.1:3000/paycools --product payout',
    )
    .action(async (given: Options) => {
      const options = optionsOf(io, given);
      await using forwarder = startForwarder(options);
      const stopped = io.stopped();
      await Promise.race([forwarder.ready(), stopped]);
      io.err(
        `Forwarding ${options.queueNames.join(', ')} to ${new URL(options.target.url).host}. Press Ctrl-C to stop.\n`,
      );
      await stopped;
    });
};
