import type { Command } from 'commander';
import {
  type CallName,
  callByName,
  createPaycoolsClient,
  endpointList,
  isCallName,
  PaycoolsApiError,
  PaycoolsError,
  readParameters,
} from '../../client/index.ts';
import { asJson, CommandError, type Io, readContent, UsageError } from '../io.ts';
import { clientSettings } from '../settings.ts';

const FIELD = /^--([A-Za-z]\w*)(?:=([\s\S]*))?$/;

/** `--mchOrderId X --amount=5` as fields. Commander leaves these words alone, because it does not know them. */
const readFields = (words: readonly string[]): Record<string, string> => {
  const fields: Record<string, string> = {};
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name, written] = FIELD.exec(word) ?? [];
    if (name === undefined) throw new UsageError(`${word} is not a field: write --name value`);
    const value = written ?? rest.shift();
    if (value === undefined) throw new UsageError(`--${name} has no value`);
    fields[name] = value;
  }
  return fields;
};

const bodyOf = async (io: Io, path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readContent(io, path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new UsageError('the body is not JSON');
  }
};

type Request = { readonly call: CallName; readonly words: readonly string[]; readonly body: string | undefined };

const parametersOf = async (io: Io, { call, words, body }: Request): Promise<unknown> => {
  if (body !== undefined) return bodyOf(io, body);
  const read = readParameters(call, readFields(words));
  if (!read.ok) throw new UsageError(`${call}: ${read.error.join('; ')}`);
  return read.value;
};

const clientOf = (io: Io) => {
  const settings = clientSettings(io);
  try {
    return createPaycoolsClient(settings);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
};

const explain = (error: unknown): unknown => {
  if (!(error instanceof PaycoolsError)) return error;
  const { code, outcome, retryable } = error;
  const said = error instanceof PaycoolsApiError ? { kind: error.kind, providerMessage: error.providerMessage } : {};
  return new CommandError(error.message, { code, outcome, retryable, ...said });
};

/** Prints the result; a statement row by row, as the rows arrive. */
const print = async (io: Io, result: unknown): Promise<void> => {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
    io.out(asJson((await result) ?? null));
    return;
  }
  let count = 0;
  for await (const row of result as AsyncIterable<unknown>) {
    io.out(`${count === 0 ? '[' : ','}\n${JSON.stringify(row)}`);
    count += 1;
  }
  io.out(count === 0 ? '[]\n' : '\n]\n');
};

const calls = endpointList
  .map(({ call, endpoint }) => `  ${call.padEnd(36)} ${endpoint.http} ${endpoint.path}`)
  .join('\n');

/** `paycools api <call>`: any call of the client from a terminal. */
export const addApi = (program: Command, io: Io): void => {
  program
    .command('api')
    .description('call PayCools: any method of the client, with the fields of PayCools as options')
    .argument('<call>', 'such as payout.status')
    .option('--body <file>', 'the whole request as JSON; - for standard input')
    .option('--json', 'print JSON (the result always is)')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      `\nExamples:\n  paycools api payout.status --mchOrderId CQPL1653961039756685\n  paycools api account.paymentStatement --createDate 2026-11-23 --json\n  paycools api checkout.create --body request.json\n\nCalls:\n${calls}`,
    )
    .action(async (call: string, { body }: { body?: string }, command: Command) => {
      if (!isCallName(call))
        throw new UsageError(`${call} is not a call of PayCools; \`paycools api --help\` lists them`);
      const parameters = await parametersOf(io, { call, words: command.args.slice(1), body });
      const client = clientOf(io);
      try {
        await print(io, callByName(client, call, { parameters }));
      } catch (error) {
        throw explain(error);
      }
    });
};
