import type { Command } from 'commander';
import { centavosToDecimal } from '../../core/money.ts';
import { connectionCode, explainConnection } from '../explain-connection.ts';
import { asJson, CommandError, type Io, UsageError } from '../io.ts';
import { oneOf } from '../option-values.ts';

type Options = { readonly order: string; readonly url: string; readonly json?: boolean };
type PayOptions = Options & { readonly amount: string; readonly product?: string };
type CompleteOptions = Options & { readonly status: string };

const DEFAULT_URL = 'http://127.0.0.1:8090';
const STATUSES = ['COMPLETE', 'FAILED', 'CLOSED'];
const PRODUCTS = ['virtual-account', 'qr-code', 'bank-transfer'];

type Transaction = {
  readonly transactionId: string;
  readonly product: string;
  readonly mchOrderId: string;
  readonly amount: number;
  readonly status: string;
};

const call = async (url: string, action: string, body: object): Promise<Transaction> => {
  if (!URL.canParse(url)) throw new UsageError('--url is not a valid URL');
  const address = new URL(`/sandbox/${action}`, url).href;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) }).catch(
    (error: unknown) => {
      throw new CommandError(explainConnection(url, connectionCode(error)));
    },
  );
  const reply = (await response.json().catch(() => ({ error: 'the reply is not from a sandbox' }))) as Transaction & {
    readonly error?: string;
  };
  if (!response.ok) throw new CommandError(reply.error ?? `the sandbox replied ${response.status}`);
  return reply;
};

/** `sandbox` has the option `--json` too, and takes it before its subcommands see it. */
const show = (io: Io, command: Command, transaction: Transaction): void => {
  if (command.optsWithGlobals<Options>().json === true) {
    io.out(asJson(transaction));
    return;
  }
  const { product, transactionId, mchOrderId, amount, status } = transaction;
  io.out(`${product} ${transactionId}, order ${mchOrderId}, PHP ${centavosToDecimal(amount)}: ${status}\n`);
};

const centavosOf = (text: string): number => {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new UsageError('--amount must be a positive integer of centavos: PHP 100.00 is 10000');
};

/** `paycools sandbox pay` and `paycools sandbox complete`: what a customer or a bank does. */
export const addSandboxControls = (sandbox: Command, io: Io): void => {
  const url = io.env['PAYCOOLS_BASE_URL'] || DEFAULT_URL;
  sandbox
    .command('pay')
    .description('pay into the virtual account, QR code or bank transfer account of an order')
    .requiredOption('--order <order>', 'the mchOrderId of the account or code')
    .option('--amount <centavos>', 'amount in centavos; its last two digits decide how the payment ends', '10000')
    .option('--product <name>', `${PRODUCTS.join(', ')}; by default the one that has the order`)
    .option('--url <url>', 'address of the sandbox', url)
    .option('--json', 'print the transaction')
    .addHelpText('after', '\nExample:\n  paycools sandbox pay --order ORDER00001 --amount 150000')
    .action(async (given: PayOptions, command: Command) => {
      const amount = centavosOf(given.amount);
      const product = given.product === undefined ? {} : { product: oneOf('product', given.product, PRODUCTS) };
      show(io, command, await call(given.url, 'pay', { order: given.order, amount, ...product }));
    });
  sandbox
    .command('complete')
    .description('complete the pending transaction of an order')
    .requiredOption('--order <order>', 'the mchOrderId of the transaction')
    .option('--status <status>', STATUSES.join(', '), 'COMPLETE')
    .option('--url <url>', 'address of the sandbox', url)
    .option('--json', 'print the transaction')
    .addHelpText('after', '\nExample:\n  paycools sandbox complete --order ORDER00001 --status FAILED')
    .action(async (given: CompleteOptions, command: Command) => {
      const status = oneOf('status', given.status, STATUSES);
      show(io, command, await call(given.url, 'complete', { order: given.order, status }));
    });
};
