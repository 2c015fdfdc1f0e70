import type { Command } from 'commander';
import { convertTexts, findParameterProblems, type ParameterProblem } from '../../client/check-parameters.ts';
import { describeFields } from '../../client/describe-fields.ts';
import {
  type CallName,
  callByName,
  createPaycoolsClient,
  endpointList,
  isCallName,
  PaycoolsApiError,
  PaycoolsError,
  PaycoolsNetworkError,
} from '../../client/index.ts';
import { parseJson } from '../../core/json.ts';
import { callHelp } from '../call-help.ts';
import { explainConnection } from '../explain-connection.ts';
import { counted } from '../format.ts';
import { asJson, CommandError, type Io, readContent, UsageError } from '../io.ts';
import { clientSettings } from '../settings.ts';
import { didYouMean } from '../suggest.ts';

const FIELD = /^--([A-Za-z]\w*)(?:=([\s\S]*))?$/;

/** Parses `--mchOrderId X --amount=5`, which commander passes through, because it does not know these options. */
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

const readBody = async (io: Io, path: string): Promise<Readonly<Record<string, unknown>>> => {
  const body = parseJson(await readContent(io, path));
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new UsageError(`${path === '-' ? 'standard input' : path} is not a JSON object`);
};

const NAME_WIDTH = 22;

const lineOf = (call: CallName, { name, problem, kind }: ParameterProblem): string => {
  const known = describeFields(call).map((it) => it.name);
  return `  ${name.padEnd(NAME_WIDTH)} ${problem}${kind === 'unknown' ? didYouMean(name, known) : ''}`;
};

const refuseWrong = (call: CallName, parameters: Readonly<Record<string, unknown>>): void => {
  const problems = findParameterProblems(call, parameters);
  if (problems.length === 0) return;
  const lines = problems.map((it) => lineOf(call, it));
  const head = `${call}: ${counted(problems.length, 'problem')}, nothing was sent`;
  throw new UsageError(`${head}\n${lines.join('\n')}\n\`paycools api ${call} --help\` lists the fields.`);
};

const explain = (error: unknown, baseUrl: string): unknown => {
  if (!(error instanceof PaycoolsError)) return error;
  const { code, outcome, retryable, message } = error;
  const details = { code, outcome, retryable };
  if (error instanceof PaycoolsApiError) {
    const { kind, providerMessage } = error;
    return new CommandError(message, { ...details, kind, providerMessage });
  }
  const cause = error instanceof PaycoolsNetworkError ? `\n${explainConnection(baseUrl, error.reason)}` : '';
  return new CommandError(`${message}${cause}`, details);
};

const MONEY = /^(?:balance|fee|amount|.+Amount)$/;

const pesos = (centavos: number): string =>
  `PHP ${(centavos / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;

/** The amounts of a result in pesos, because the JSON has them in centavos. */
const moneyNote = (result: unknown): string => {
  const amounts = Object.entries(result ?? {}).filter(([name, value]) => MONEY.test(name) && Number.isInteger(value));
  return amounts.map(([name, value]) => `${name}: ${value} centavos, ${pesos(value)}\n`).join('');
};

/** Prints the result; a statement row by row as it arrives. */
const print = async (io: Io, result: unknown, isForPeople: boolean): Promise<void> => {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
    const reply = (await result) ?? null;
    io.out(asJson(reply));
    if (isForPeople) io.err(moneyNote(reply));
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

const HELP = `
Examples:
  paycools api payout.create --help
  paycools api payout.status --mchOrderId CQPL1653961039756685
  paycools api account.paymentStatement --createDate 2026-11-23 --json
  paycools api checkout.create --body request.json

Calls (\`paycools api <call> --help\` lists the fields of one):
${calls}`;

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

type Options = { readonly body?: string; readonly json?: boolean };

const run = async (io: Io, words: readonly string[], { body, json }: Options): Promise<void> => {
  const [call = '', ...rest] = words;
  if (!isCallName(call)) {
    const known = endpointList.map((it) => it.call);
    throw new UsageError(
      `${call} is not a PayCools call${didYouMean(call, known)}; \`paycools api --help\` lists them`,
    );
  }
  if (rest.some(isHelp)) return io.out(callHelp(io, call));
  const parameters = body === undefined ? convertTexts(call, readFields(rest)) : await readBody(io, body);
  refuseWrong(call, parameters);
  const settings = clientSettings(io);
  const client = createPaycoolsClient(settings);
  try {
    await print(io, callByName(client, call, { parameters }), json !== true);
  } catch (error) {
    throw explain(error, settings.baseUrl);
  }
};

/** `paycools api <call>`: calls any method of the PayCools API. */
export const addApi = (program: Command, io: Io): void => {
  program
    .command('api')
    .description("call any method of the PayCools API, with PayCools's fields as options")
    .argument('[call]', 'name of the call, such as payout.status')
    .option('--body <file>', 'file with the whole request as JSON; - for standard input')
    .option('--json', 'print only JSON, without the amounts in pesos on stderr')
    .helpOption(false) // `api <call> --help` is about the call
    .addHelpText('after', `\n${HELP}`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_call: string | undefined, options: Options, command: Command) => {
      const [first] = command.args;
      if (first === undefined) throw new UsageError('name a call, such as payout.status (see paycools api --help)');
      if (isHelp(first)) command.outputHelp();
      else await run(io, command.args, options);
    });
};
