import type { Command } from 'commander';
import { signCallback } from '../../verify/callback.ts';
import { type Explanation, explainVerification } from '../../verify/explain.ts';
import { asJson, CommandError, type Io, readContent } from '../io.ts';
import { callbackKeys, callbackSecret } from '../settings.ts';

const WIDTH = 18;

const show = ({ steps, isGenuine, likelyMistake }: Explanation): string =>
  [
    ...steps.map(({ step, result }) => `${step.padEnd(WIDTH)}${result}`),
    `${'verdict'.padEnd(WIDTH)}${isGenuine ? 'genuine' : 'not genuine'}`,
    ...(likelyMistake === null ? [] : [`${'likely mistake'.padEnd(WIDTH)}${likelyMistake}`]),
  ].join('\n');

/** `paycools verify FILE`: explains why a captured body does or does not verify. */
export const addVerify = (program: Command, io: Io): void => {
  program
    .command('verify')
    .description('explain step by step why a captured callback does or does not verify')
    .argument('<file>', 'the body as received, byte for byte; - for standard input')
    .option('--json', 'print { isGenuine, scheme, steps, likelyMistake }')
    .addHelpText(
      'after',
      '\nExits with 0 if it is genuine, 1 if it is not.\n\nExample:\n  PAYCOOLS_CALLBACK_SECRET_FILE=secret paycools verify captured.json',
    )
    .action(async (file: string, { json }: { json?: boolean }) => {
      const keys = callbackKeys(io);
      const body = new TextEncoder().encode(await readContent(io, file));
      const explanation = explainVerification(body, keys);
      io.out(json === true ? asJson(explanation) : `${show(explanation)}\n`);
      if (!explanation.isGenuine) throw new CommandError('it does not verify');
    });
};

/** `paycools sign FILE`: prints the body as PayCools would send it. */
export const addSign = (program: Command, io: Io): void => {
  program
    .command('sign')
    .description('sign a body as PayCools would, with the callback secret')
    .argument('<file>', 'a JSON object; - for standard input')
    .option('--json', 'no effect: the output is always JSON')
    .addHelpText('after', `\nExample:\n  echo '{"eventName":"x"}' | PAYCOOLS_CALLBACK_SECRET=… paycools sign -`)
    .action(async (file: string) => {
      const content = await readContent(io, file);
      const secret = callbackSecret(io);
      try {
        io.out(`${signCallback(JSON.parse(content) as Record<string, unknown>, secret)}\n`);
      } catch {
        throw new CommandError(`${file} is not a JSON object that can be signed`);
      }
    });
};
