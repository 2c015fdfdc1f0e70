import type { Statement } from './event.ts';

const aspects = ['status', 'amount', 'currency', 'order', 'channel'] as const;
/** What two statements about a subject can disagree on. */
export type Aspect = (typeof aspects)[number];

type Value = string | number | null;

const valuesOf = ({ status, amount, merchantOrderId, channelCode }: Statement): Readonly<Record<Aspect, Value>> => ({
  status,
  amount: amount?.minor ?? null,
  currency: amount?.currency ?? null,
  order: merchantOrderId,
  channel: channelCode,
});

/**
 * The aspects in which two statements contradict each other. A value that one side does not state is not a
 * contradiction: account statements, replies and callbacks have different members.
 *
 * @see docs/paycools.md 6, last paragraph
 */
export const differences = (left: Statement, right: Statement): readonly Aspect[] => {
  const [ours, theirs] = [valuesOf(left), valuesOf(right)];
  return aspects.filter((it) => ours[it] !== null && theirs[it] !== null && ours[it] !== theirs[it]);
};
