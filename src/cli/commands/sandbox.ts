import { createPublicKey } from 'node:crypto';
import type { Command } from 'commander';
import { generateMerchantKeyPair } from '../../client/index.ts';
import { outages, type SandboxLogEntry, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { loadPrivateKey } from '../../verify/keys.ts';
import { asJson, CommandError, type Io } from '../io.ts';
import { numberIn, oneOf } from '../option-values.ts';
import { callbackSecret, privateKey } from '../settings.ts';
import { addSandboxControls } from './sandbox-controls.ts';

type Options = {
  readonly port: string;
  readonly host: string;
  readonly appId: string;
  readonly callbackUrl: string;
  readonly delay: string;
  readonly lost: string;
  readonly duplicate: string;
  readonly seed: string;
  readonly latency: string;
  readonly outage: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
};

/** The public key of the configured private key, or of a new one, which is then printed. */
const publicKeyOf = async (io: Io): Promise<string> => {
  const secret = privateKey(io);
  if (secret === null) {
    const pair = await generateMerchantKeyPair();
    io.err('PAYCOOLS_PRIVATE_KEY is not set. Sign your calls with this temporary key:\n');
    io.err(`${pair.privateKey.reveal()}\n`);
    return pair.publicKey;
  }
  const key = loadPrivateKey(secret);
  if (!key.ok) throw new CommandError(`PAYCOOLS_PRIVATE_KEY ${key.error}`);
  return createPublicKey(key.value).export({ format: 'pem', type: 'spki' }).toString();
};

const describe = (entry: SandboxLogEntry): string => {
  const order = entry.order === null ? '' : ` ${entry.order}`;
  if (entry.kind === 'request') {
    return `${entry.call}${order}: ${entry.code === null ? '' : `${entry.code} `}${entry.message}`;
  }
  const { eventName, url, fate, httpStatus } = entry;
  return `callback ${eventName}${order} to ${url ?? 'no address'}: ${fate === 'sent' ? httpStatus : fate}`;
};

const optionsOf = async (io: Io, given: Options): Promise<SandboxOptions> => {
  const numbers = {
    port: numberIn('port', given.port, { min: 0, max: 65_535 }),
    delayMs: numberIn('delay', given.delay, { min: 0, max: 3_600_000 }),
    seed: numberIn('seed', given.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    latencyMs: numberIn('latency', given.latency, { min: 0, max: 600_000 }),
    chaos: {
      lost: numberIn('lost', given.lost, { min: 0, max: 1 }),
      duplicate: numberIn('duplicate', given.duplicate, { min: 0, max: 1 }),
    },
  };
  const secret = callbackSecret(io);
  const { appId, callbackUrl, host } = given;
  return {
    appId,
    callbackUrl,
    host,
    ...numbers,
    callbackSecret: secret,
    publicKey: await publicKeyOf(io),
    now: io.now,
    outage: oneOf('outage', given.outage, outages),
    log: (entry) => {
      if (given.quiet !== true) io.err(`${new Date(io.now()).toISOString()} ${describe(entry)}\n`);
    },
  };
};

/** `paycools sandbox`: a PayCools for development. */
export const addSandbox = (program: Command, io: Io): void => {
  const sandboxCommand = program
    .command('sandbox')
    .description('run a PayCools for development, which answers every call and sends signed callbacks')
    .option('--port <n>', 'port to listen on; 0 picks a free one', '8090')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--app-id <id>', 'appId that calls must carry', io.env['PAYCOOLS_APP_ID'] || 'sandbox-app')
    .option(
      '--callback-url <url>',
      'where to send callbacks if the call names no address',
      'http://127.0.0.1:8080/callbacks',
    )
    .option('--delay <ms>', 'how long a transaction takes to complete, in milliseconds', '0')
    .option('--lost <share>', 'share of callbacks that are never sent, 0 to 1', '0')
    .option('--duplicate <share>', 'share of callbacks that are sent twice, 0 to 1', '0')
    .option('--seed <n>', 'the same seed gives the same chaos', '1')
    .option('--latency <ms>', 'delay of every reply, in milliseconds', '0')
    .option('--outage <kind>', `${outages.join(', ')}: unavailable replies 503, silent never replies`, 'none')
    .option('--quiet', 'do not log requests and callbacks')
    .option('--json', 'print { url }')
    .addHelpText(
      'after',
      '\nThe amount decides how a transaction ends: see docs/sandbox.md.\n\nExamples:\n  PAYCOOLS_CALLBACK_SECRET=paycools-dev-secret paycools sandbox --duplicate 0.3\n  paycools sandbox pay --order ORDER00001 --amount 150000',
    )
    .action(async (given: Options) => {
      await using sandbox = await startSandbox(await optionsOf(io, given));
      io.out(given.json === true ? asJson({ url: sandbox.url }) : `${sandbox.url}\n`);
      io.err(
        `The sandbox is listening; appId ${given.appId}, callbacks to ${given.callbackUrl}. Press Ctrl-C to stop.\n`,
      );
      await io.stopped();
    });
  addSandboxControls(sandboxCommand, io);
};
