import type { Statement } from './event.ts';

const aspects = ['status', 'amount', 'currency', 'order', 'channel'] as const;
/** What two statements about a subject can disagree about. */
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
 * What two statements contradict each other in. A member that one side does not state is not a contradiction: account statements,
 * replies and callbacks carry different members.
 *
 * @see PAYCOOLS.md 6, last paragraph
 */
export const differences = (left: Statement, right: Statement): readonly Aspect[] => {
  const [ours, theirs] = [valuesOf(left), valuesOf(right)];
  return aspects.filter((aspect) => {
    const [mine, other] = [ours[aspect], theirs[aspect]];
    return mine !== null && other !== null && mine !== other;
  });
};
