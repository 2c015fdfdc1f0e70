import type { z } from 'zod';
import {
  choicesOf,
  describeExpected,
  describeFields,
  type FieldDescription,
  formsOf,
} from '../client/describe-fields.ts';
import { type CallName, findEndpoint } from '../client/endpoints/table.ts';
import { paint } from './format.ts';
import type { Io } from './io.ts';

/** Example values by field. */
const EXAMPLES: Readonly<Record<string, string>> = {
  mchOrderId: 'ORDER00001',
  idempotencyId: 'ORDER00001',
  mchRefundOrderId: 'REFUND00001',
  originalTransactionId: 'C1001653961040053795',
  transactionId: 'C1001653961040053795',
  amount: '312500',
  refundAmount: '312500',
  refundTransactionId: 'R1001653961040053795',
  accountNo: '09171234567',
  accountName: "'Juan Dela Cruz'",
  customerName: "'Juan Dela Cruz'",
  bankCode: 'BDO',
  ewalletCode: 'GCASH',
  channelCode: 'GCASH',
  countryCode: 'PH',
  email: 'juan@example.com',
  mobile: '09171234567',
  userId: 'USER1',
  requestId: 'REQUEST1',
  payToken: 'TOKEN1',
  createDate: '2026-11-23',
  completeDate: '2026-11-23',
  startDate: '2026-11-22',
  endDate: '2026-11-23',
};
const ADDRESS = 'https://shop.example/paycools';

const exampleOf = (name: string, field: z.ZodType): string => {
  const [choice] = choicesOf(field);
  const expected = describeExpected(field);
  return choice ?? EXAMPLES[name] ?? (expected.startsWith('a web address') ? ADDRESS : expected);
};

/** An example command that PayCools would accept, in the last of the call's forms. */
export const exampleCall = (call: CallName): string => {
  const form = Object.entries(formsOf(call).at(-1) ?? {});
  const needed = form.filter(([, field]) => !field.safeParse(undefined).success);
  const words = needed.map(([name, field]) => `--${name} ${exampleOf(name, field)}`);
  return ['paycools api', call, ...words].join(' ');
};

const describe = ({ expected, isRequired, when, note }: FieldDescription): string =>
  [[expected, when, isRequired ? null : 'optional'].filter((part) => part !== null).join('; '), note ?? '']
    .join('. ')
    .trimEnd();

/** What `paycools api <call> --help` prints: fields, units and an example. */
export const callHelp = (io: Io, call: CallName): string => {
  const endpoint = findEndpoint(call);
  const fields = describeFields(call);
  const width = Math.max(0, ...fields.map(({ name }) => name.length)) + 4;
  const lines = fields.map((it) => `  ${paint(io, 'cyan', `--${it.name}`.padEnd(width))}${describe(it)}`);
  const none = call.startsWith('ekyc.') ? '  any, as --field value: PayCools does not publish them' : '  none';
  const title = (text: string): string => paint(io, 'bold', text);
  return [
    `${title('Usage:')} paycools api ${call} ${fields.length === 0 ? '' : '--field value… | --body FILE'}`.trimEnd(),
    '',
    `${endpoint?.title} (${endpoint?.http} ${endpoint?.path})`,
    `Documentation: ${endpoint?.source}`,
    '',
    title('Fields:'),
    ...(lines.length === 0 ? [none] : lines),
    ...(fields.some(({ expected }) => expected.includes('centavos')) ? ['', 'Centavos: PHP 3,125.00 is 312500.'] : []),
    '',
    title('Example:'),
    `  ${exampleCall(call)}`,
    '',
  ].join('\n');
};
